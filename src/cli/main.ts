#!/usr/bin/env node
import { loadDotEnv } from '../config/dot-env.ts';
import { portcullis } from './portcullis.ts';

const unread = loadDotEnv();
const { env, stdout, stderr } = process;
// Whoever reads may stop reading; how it ended stands in the exit code all the same.
for (const stream of [stdout, stderr]) stream.on('error', () => {});
process.exitCode = await portcullis(process.argv.slice(2), {
  env,
  unread,
  stdout,
  stderr,
  // The whole bot hangs on that module, so it is loaded only by whoever needs the table.
  sentences: async () => (await import('../bot.ts')).sentenceOf,
});
