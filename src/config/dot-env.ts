import { resolve } from 'node:path';
import { config } from 'dotenv';
import { forTerminal } from '../domain/text.ts';
import type { Problem } from './problems.ts';

/**
 * Adds what stands in `.env` of the working directory to the environment, which wins.
 * @returns what is wrong with a file that is there: without it, rules that people rely on would fall back to defaults
 */
export const loadDotEnv = (): readonly Problem[] => {
  const { error } = config({ quiet: true });
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
