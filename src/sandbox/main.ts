import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { realClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { guide, runConsole } from './console.ts';
import { startSandbox } from './sandbox.ts';
import { playStory } from './story.ts';

const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** @param hasty for a story that nobody has to follow as it happens: short waits between posts and reads */
const open = (hasty: boolean) =>
  startSandbox({
    transport: process.argv.includes('--http') ? 'http' : 'socket',
    clock: realClock,
    log: createLog(
      'warn',
      () => realClock.now(),
      (line) => process.stderr.write(`${line}\n`),
    ),
    version,
    postInterval: hasty ? 50 : 1_000,
    pollInterval: hasty ? 100 : 1_000,
  });

/** Plays the story by itself; the exit code tells whether every step held. */
const play = async (): Promise<number> => {
  const sandbox = await open(true);
  try {
    await playStory(sandbox, tell);
    tell('\nEvery step held.');
    return 0;
  } catch (error) {
    tell(`\nThe story broke: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await sandbox.close();
  }
};

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });

/** Runs until `quit` or a signal. */
const serve = async (): Promise<number> => {
  const sandbox = await open(false);
  tell('Portcullis sandbox: a local Slack, a local Huawei Cloud and the bot. Nothing leaves this computer.');
  tell(`  Slack        ${sandbox.slack.apiUrl}`);
  tell(`  Huawei Cloud ${sandbox.cloud.url}`);
  tell(`  bot          http://127.0.0.1:${sandbox.botPort()}/readyz\n`);
  tell(guide);
  await Promise.race([runConsole(sandbox, tell), stopped()]);
  await sandbox.close();
  return 0;
};

const code = process.argv.includes('--play') ? await play() : await serve();
process.exit(code);
