import { randomUUID } from 'node:crypto';
import { kindNames, startBot } from '../../../src/bot.ts';
import { realClock } from '../../../src/clock.ts';
import { readConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { deadlyFiles } from './deadly-files.ts';

/** The bot as a process, with the intervals of a test and a disk that may be the death of it. */
const read = readConfig(process.env, kindNames);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const config = {
  ...read.config,
  patience: { ...read.config.patience, pollInterval: 5, rechecks: [300] },
};
const log = createLog('info', Date.now, (line) => process.stdout.write(`${line}\n`));
const starting = startBot(config, {
  clock: realClock,
  ids: { random: randomUUID },
  random: Math.random,
  log,
  version: '0.0.0-test',
  postInterval: 10,
  files: deadlyFiles(process.env.DIES),
});
process.on('SIGTERM', () => {
  void starting.then((bot) => bot.stop('SIGTERM')).then(() => process.exit(0));
});
