import { resolve } from 'node:path';
import { config } from 'dotenv';
import { forTerminal } from '../domain/text.ts';
import { variables } from './environment.ts';
import type { Problem } from './problems.ts';

/** Where no text is an answer of its own, or a mistake that has to be told. */
const saidByNoText = new Set(
  variables.flatMap(({ name, secret, mandatory, mayBeEmpty }) =>
    secret || mandatory || mayBeEmpty ? [name] : [],
  ),
);

const isLeftOut = (name: string): boolean => {
  const text = process.env[name];
  return text === undefined || (text.trim() === '' && !saidByNoText.has(name));
};

/**
 * Adds what stands in `.env` of the working directory to the environment, which wins with whatever it does not leave out.
 * @returns what is wrong with a file that is there: without it, rules that people rely on would fall back to defaults
 */
export const loadDotEnv = (): readonly Problem[] => {
  const read: Record<string, string> = {};
  const { error } = config({ quiet: true, processEnv: read });
  for (const [name, text] of Object.entries(read)) if (isLeftOut(name)) process.env[name] = text;
  if (error === undefined || error.code === 'ENOENT') return [];
  return [
    {
      name: forTerminal(resolve('.env')),
      wrong: `cannot be read (${error.code}), so what stands in it would be left out`,
      form: 'a file that this process may read, or not there at all',
      source: 'give it to the user under whom the bot runs; look at the mount if it is a directory',
    },
  ];
};
