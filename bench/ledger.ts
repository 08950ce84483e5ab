import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { bundle } from './bundle.ts';
import { writeJournal } from './ledger-facts.ts';
import { type Benchmark, percentile, type Row } from './table.ts';

const requests = 100_000;
/** Requests that wait for an approval; all others are done. */
const open = 50;
/** How often a rebuild and what it is compared with are measured, in turn, because a machine's speed changes. */
const rounds = 3;

const Rows = z.array(
  z.object({
    name: z.string(),
    times: z.array(z.number()),
    block: z.number().exactOptional(),
    megabytes: z.number().exactOptional(),
  }),
);

/** Each task in a process of its own, so that none sees the memory of another. */
const run = async (program: string, task: string, directory: string): Promise<readonly Row[]> => {
  const told = JSON.stringify({ task, directory, empty: `${directory}-empty` });
  const child = fork(program, [told], { execArgv: [] });
  const [rows]: unknown[] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`"${task}" ended without an answer`))),
  ]);
  return Rows.parse(rows);
};

/** What a rebuild is compared with, each with more of what it does. */
const alone = [
  'parsing and hashing alone, as Node has them',
  "the same, with the ledger's way of hashing",
  'the same, and the schema of facts',
];

const targets: Readonly<Record<string, (row: Row, all: readonly Row[]) => string>> = {
  'commit, full ledger': ({ times }, all) => {
    const empty = all.find(({ name }) => name === 'commit, empty ledger')?.times ?? [];
    return `p99 ${(percentile(times, 0.99) / percentile(empty, 0.99)).toFixed(2)} of at most 1.5 times`;
  },
  'ready from a checkpoint': () => 'at most 3,000 ms',
  'ready from a checkpoint: resident': () => 'at most 250 MB',
  'resident after the verification': () => 'at most 250 MB',
  '/revocations list waiting': () => 'at most 1,000 ms',
  '/revocations search, in vain': () => 'at most 1,000 ms',
  'rebuild without a checkpoint': ({ times }, all) => {
    const over = (name: string): string => {
      const compared = all.find((row) => row.name === name)?.times ?? [];
      return (Math.min(...times) / Math.min(...compared)).toFixed(2);
    };
    const [bare, ours, whole] = alone.map(over);
    return `the fastest: ${bare} times parsing and hashing alone; ${ours} times with the ledger's way of hashing, ${whole} times with the schema too`;
  },
};

/** One row of those with the same name: all their times, and the longest block and the most memory of any. */
const merged = (rows: readonly Row[]): readonly Row[] =>
  [...new Set(rows.map(({ name }) => name))].map((name) => {
    const same = rows.filter((row) => row.name === name);
    const blocks = same.flatMap(({ block }) => block ?? []);
    const sizes = same.flatMap(({ megabytes }) => megabytes ?? []);
    return {
      name,
      times: same.flatMap(({ times }) => times),
      ...(blocks.length > 0 && { block: Math.max(...blocks) }),
      ...(sizes.length > 0 && { megabytes: Math.max(...sizes) }),
    };
  });

/** Without it the next start rebuilds. */
const dropCheckpoint = (directory: string): Promise<void> =>
  rm(join(directory, 'state.json'), { force: true });

/** A ledger with 1,000,000 facts. */
export const ledger: Benchmark = async () => {
  const home = await mkdtemp(join(tmpdir(), 'portcullis-ledger-'));
  try {
    const program = await bundle(new URL('./ledger-process.ts', import.meta.url), join(home, 'program'));
    const directory = join(home, 'full');
    await writeJournal(directory, requests, open);
    const rows: Row[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await dropCheckpoint(directory);
      for (const task of ['parse and hash', 'rebuild']) rows.push(...(await run(program, task, directory)));
    }
    for (const task of ['ready', 'commit']) rows.push(...(await run(program, task, directory)));
    return merged(rows).map((row) => {
      const target = targets[row.name]?.(row, rows);
      return target === undefined ? row : { ...row, target };
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
};
