import './engine.ts';
import { stopSignal } from './stop-signal.ts';

// All that follows takes its time to load.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { kindNames, startBot } from './bot.ts';
import { realClock } from './clock.ts';
import { loadDotEnv } from './config/dot-env.ts';
import { problemText, readConfig } from './config.ts';
import { DirectoryInUse, JournalDamage } from './ledger/faults.ts';
import { createLog } from './log.ts';

/** Ends of the process, by sysexits: bad configuration, DATA_DIR in use, damaged journal, anything else. */
const ends = { configuration: 78, inUse: 75, damage: 65, other: 1 } as const;
/** Time for an orderly stop, in ms; then the process ends as it is, and the next start goes on. */
const stopTime = 9_500;

const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version;

const complain = (text: string, code: number): never => {
  process.stderr.write(`${text}\n`);
  process.exit(code);
};

// Whoever takes the log may be gone, or its disk full: what has begun is finished all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const unread = loadDotEnv();
const read = readConfig(process.env, kindNames);
if (!read.ok) complain(problemText([...unread, ...read.problems]), ends.configuration);
else if (unread.length > 0) complain(problemText(unread), ends.configuration);
else {
  const { config } = read;
  const log = createLog(
    config.logLevel,
    () => Date.now(),
    (line) => process.stdout.write(`${line}\n`),
  );
  try {
    const starting = startBot(config, {
      clock: realClock,
      ids: { random: randomUUID },
      random: Math.random,
      log,
      version,
      postInterval: 1_000,
    });
    // Before the start is over, too.
    void stopSignal.then((signal) => {
      const breakOff = () => {
        log.error('The stop took too long and was broken off; the next start goes on from here');
        process.exit(0);
      };
      setTimeout(breakOff, stopTime).unref();
      const stopped = starting.then((bot) => bot.stop(signal));
      return stopped
        .catch((error: unknown) => log.error('The stop was not orderly', { error }))
        .then(() => process.exit(0));
    });
    await starting;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (error instanceof DirectoryInUse) complain(words, ends.inUse);
    if (error instanceof JournalDamage) complain(words, ends.damage);
    complain(`Portcullis could not start: ${words}`, ends.other);
  }
}
