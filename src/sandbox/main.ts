import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { realClock } from '../clock.ts';
import { createLog } from '../log.ts';
import { readAssets } from './host/assets.ts';
import { startPageHost } from './host/page-host.ts';
import { startRehearsal } from './host/rehearsal.ts';
import { readOptions } from './options.ts';
import { startSandbox } from './sandbox.ts';
import { playStory } from './story.ts';

/** Where the page is, unless somebody else is there already. */
const pagePort = 4280;
/** Real ms between two steps of a story that people watch. */
const followable = 1_500;
/** The exit code of a program that was called wrongly (sysexits.h). */
const wrongUsage = 64;

const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

const tell = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  complain(options);
  process.exit(wrongUsage);
}

/** @param hasty for a story that nobody has to follow as it happens: short waits between posts and reads */
const open = (hasty: boolean) =>
  startSandbox({
    transport: options.http ? 'http' : 'socket',
    clock: realClock,
    log: createLog('warn', () => realClock.now(), complain),
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

/** Serves the page until a signal comes. */
const serve = async (): Promise<number> => {
  const assets = await readAssets();
  const rehearsal = await startRehearsal({
    open: () => open(false),
    version,
    beat: () => sleep(followable),
  });
  const host = await startPageHost({ rehearsal, assets, port: pagePort, log: complain });
  const sandbox = rehearsal.sandbox();
  tell(
    'Portcullis sandbox: a local Slack, a local Huawei Cloud and the bot. Nothing leaves this computer.\n',
  );
  tell(`  Open ${host.url} in a browser. Stop with Ctrl+C.\n`);
  tell(`  Slack        ${sandbox.slack.apiUrl}`);
  tell(`  Huawei Cloud ${sandbox.cloud.url}`);
  tell(`  bot          http://127.0.0.1:${sandbox.botPort()}/readyz\n`);
  await stopped();
  await host.close();
  await rehearsal.close();
  return 0;
};

const code = options.play ? await play() : await serve();
process.exit(code);
