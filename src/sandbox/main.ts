import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { realClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { startSandbox } from './sandbox.ts';
import { playStory } from './story.ts';

const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const open = (quiet: boolean) =>
  startSandbox({
    transport: process.argv.includes('--http') ? 'http' : 'socket',
    clock: realClock,
    log: createLog(
      quiet ? 'error' : 'info',
      () => realClock.now(),
      (line) => process.stderr.write(`${line}\n`),
    ),
    version,
    postInterval: quiet ? 50 : 1_000,
    pollInterval: quiet ? 100 : 1_000,
  });

/** Plays the story; the exit code tells whether every step held. */
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

if (process.argv.includes('--play')) process.exitCode = await play();
