import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { End } from '../../src/cli/place.ts';
import { portcullis } from '../../src/cli/portcullis.ts';
import { sentenceOf } from '../../src/slack/words.ts';
import { anchor, approved, denied, requested } from '../ledger/facts.ts';
import { auditKey, openTemporary, temporaryDirectory } from '../ledger/temporary-ledger.ts';

const collector = () => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
};

export interface Said {
  readonly end: End;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as a terminal would. */
export const run = async (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Said> => {
  const out = collector();
  const err = collector();
  const end = await portcullis(args, {
    env,
    unread: [],
    stdout: out.stream,
    stderr: err.stream,
    sentences: () => Promise.resolve(sentenceOf),
  });
  return { end, out: out.text(), err: err.text() };
};

/** A closed journal of five facts, written by the ledger: a request, an anchor, a request with two facts, an end. */
export const written = async () => {
  const directory = await temporaryDirectory();
  const ledger = await openTemporary(directory);
  await ledger.append('new', 0, [requested()], { once: 'a' });
  await ledger.append('bot', null, [anchor]);
  await ledger.append('new', 0, [requested(), approved], { once: 'b' });
  await ledger.append('R-000001', 1, [denied], { once: 'c' });
  const records = await ledger.read(0, 99);
  await ledger.close();
  const path = join(directory, 'journal.jsonl');
  const bytes = await readFile(path);
  const env = { DATA_DIR: directory, AUDIT_KEY: auditKey };
  return {
    directory,
    path,
    bytes,
    records,
    env,
    lines: bytes.toString().split('\n').slice(0, -1),
    /** The `seq:hash` that an audit post would show for this line. */
    anchor: (seq: number) => `${seq}:${records[seq - 1]?.hash}`,
    /** Takes away what the bot remembers of the journal. */
    forget: () => rm(join(directory, 'state.json')),
    write: (lines: readonly string[]) => writeFile(path, lines.map((line) => `${line}\n`).join('')),
    verify: (...args: readonly string[]) => run(['audit', 'verify', ...args], env),
    export: (...args: readonly string[]) => run(['audit', 'export', ...args], env),
  };
};
