import { join } from 'node:path';
import { config } from 'dotenv';
import { forTerminal } from '../domain/text.ts';
import { variables } from './environment.ts';
import { isPerKind } from './per-kind.ts';
import type { Problem } from './problems.ts';

/** The bot's own variables that no text leaves out. Of the others it is an answer of its own, or a mistake that has to be told. */
const mayBeLeftOut = new Set(
  variables.flatMap(({ name, secret, mandatory, mayBeEmpty }) =>
    secret || mandatory || mayBeEmpty ? [] : [name],
  ),
);

const countsAsLeftOut = (name: string, text: string | undefined): boolean =>
  text === undefined || (text.trim() === '' && (mayBeLeftOut.has(name) || isPerKind(name)));

/**
 * Adds what stands in `.env` of a directory to the environment, which wins with whatever it does not leave out.
 * @returns what is wrong with a file that is there: without it, rules that people rely on would fall back to defaults
 */
export const loadDotEnv = (environment = process.env, directory = process.cwd()): readonly Problem[] => {
  const path = join(directory, '.env');
  const read: Record<string, string> = {};
  const { error } = config({ quiet: true, path, processEnv: read });
  for (const [name, text] of Object.entries(read)) {
    if (countsAsLeftOut(name, environment[name])) environment[name] = text;
  }
  if (error === undefined || error.code === 'ENOENT') return [];
  return [
    {
      name: forTerminal(path),
      wrong: `cannot be read (${error.code}), so what stands in it would be left out`,
      form: 'a file that this process may read, or not there at all',
      source: 'give it to the user under whom the bot runs; look at the mount if it is a directory',
    },
  ];
};
