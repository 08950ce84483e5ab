import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadDotEnv } from '../../src/config/dot-env.ts';
import { temporaryDirectory } from '../ledger/temporary-ledger.ts';

/** The environment after a file with these lines was added to it. */
const after = async (env: Record<string, string>, lines: readonly string[]) => {
  const directory = dirname(await temporaryDirectory());
  await writeFile(join(directory, '.env'), lines.join('\n'));
  const environment: NodeJS.ProcessEnv = { ...env };
  expect(loadDotEnv(environment, directory)).toEqual([]);
  return environment;
};

it('adds what the environment does not have, and what is the bot’s own and has no text there', async () => {
  const lines = [
    'DATA_DIR=kept',
    'APPROVERS_PROFILE=S0APPROVE',
    'LOG_LEVEL=debug',
    'HTTPS_PROXY=http://proxy',
  ];
  const environment = await after({ DATA_DIR: ' ', APPROVERS_PROFILE: '', LOG_LEVEL: 'info' }, lines);
  expect(environment).toEqual({
    DATA_DIR: 'kept',
    APPROVERS_PROFILE: 'S0APPROVE',
    LOG_LEVEL: 'info',
    HTTPS_PROXY: 'http://proxy',
  });
});

it('leaves what is not the bot’s own as it is in the environment, also without text: there it says something', async () => {
  expect(await after({ HTTPS_PROXY: '' }, ['HTTPS_PROXY=http://proxy'])).toEqual({ HTTPS_PROXY: '' });
});
