import '../src/engine.ts';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { LedgerRecord } from '../src/domain/facts.ts';
import type { Log } from '../src/domain/ports.ts';
import { realFileSystem } from '../src/ledger/file-system.ts';
import { createKeyRing } from '../src/ledger/key-ring.ts';
import { readLines } from '../src/ledger/verify-journal.ts';
import { auditKey, requestedFact } from './ledger-facts.ts';
import { megabytesInUse } from './memory.ts';
import { openLedger } from './open-ledger.ts';
import { measured, type Row } from './table.ts';

const Task = z.object({
  task: z.enum(['rebuild', 'parse and hash', 'ready', 'commit']),
  directory: z.string(),
  empty: z.string(),
});

const log: Log = { debug: () => {}, info: console.log, warn: console.warn, error: console.error };

const open = (directory: string) => openLedger(directory, auditKey, log);

/** Resident memory of this process, in megabytes. */
const resident = (): number => process.memoryUsage().rss / 2 ** 20;

/** What a start makes of a directory, and what stays in memory. */
const opened = async (name: string, directory: string) => {
  const before = megabytesInUse();
  const bare: Row = { name: `${name}: resident before`, times: [], megabytes: resident() };
  const box: { ledger?: Awaited<ReturnType<typeof open>> } = {};
  const row = await measured(name, 1, async () => {
    box.ledger = await open(directory);
  });
  const memory: Row = { name: `${name}: resident`, times: [], megabytes: resident() };
  const { ledger } = box;
  if (ledger === undefined) throw new Error('there is no ledger');
  const heap: Row = { name: `${name}: heap`, times: [], megabytes: megabytesInUse() - before };
  return { ledger, rows: [row, heap, bare, memory] };
};

const rebuild = async (directory: string): Promise<readonly Row[]> => {
  const { ledger, rows } = await opened('rebuild without a checkpoint', directory);
  return [...rows, await measured('stop, with a checkpoint of everything', 1, () => ledger.close())];
};

/**
 * What a rebuild cannot do without: each line's JSON and hash, as Node has them; then with the ledger's way of hashing,
 * and then also with the schema by which a fact is parsed here.
 */
const parseAndHash = async (directory: string): Promise<readonly Row[]> => {
  const { seal } = createKeyRing(auditKey, []);
  const file = await realFileSystem.open(join(directory, 'journal.jsonl'), 'read');
  const over = (
    name: string,
    parse: (text: string) => unknown,
    hash: (bytes: Buffer) => string,
  ): Promise<Row> =>
    measured(name, 1, async () => {
      for await (const lines of readLines(file, 0, await file.size())) {
        for (const { bytes } of lines) {
          parse(bytes.toString('utf8'));
          hash(bytes);
        }
      }
    });
  const rows = [
    await over('parsing and hashing alone, as Node has them', JSON.parse, (bytes) =>
      createHmac('sha256', auditKey).update(bytes).digest('hex'),
    ),
    await over("the same, with the ledger's way of hashing", JSON.parse, seal),
    await over('the same, and the schema of facts', (text) => LedgerRecord.parse(JSON.parse(text)), seal),
  ];
  await file.close();
  return rows;
};

const ready = async (directory: string): Promise<readonly Row[]> => {
  const { ledger, rows } = await opened('ready from a checkpoint', directory);
  const verified = await measured('verification of all earlier lines', 1, () => ledger.verification);
  const after = resident();
  const mine = await measured('/revocations list mine', 50, () =>
    ledger.list((one) => one.requester === 'U00001', 20),
  );
  const waiting = await measured('/revocations list waiting', 50, () =>
    ledger.list((one) => one.progress.state === 'requested', 20),
  );
  const search = await measured('/revocations search, in vain', 50, () =>
    ledger.list((one) => one.title.toLowerCase().includes('nobody at all'), 20),
  );
  const facts = await measured('the facts of one request', 200, (turn) =>
    ledger.ofRequest(`R-${String(1 + turn * 371).padStart(6, '0')}`),
  );
  const stop = await measured('stop, with nothing new', 1, () => ledger.close());
  return [
    ...rows,
    verified,
    { name: 'resident after the verification', times: [], megabytes: after },
    mine,
    waiting,
    search,
    facts,
    stop,
  ];
};

const commits = 2_000;

/** One in each in turn, so that the disk's moods hit both. */
const commit = async (directory: string, empty: string): Promise<readonly Row[]> => {
  const ledgers = { empty: await open(empty), full: await open(directory) };
  await ledgers.full.verification;
  const times = { empty: [] as number[], full: [] as number[] };
  const row = await measured('both, one after the other', 1, async () => {
    for (let turn = 0; turn < commits; turn += 1) {
      for (const which of turn % 2 === 0 ? (['empty', 'full'] as const) : (['full', 'empty'] as const)) {
        const began = performance.now();
        await ledgers[which].append('new', 0, [requestedFact(turn)], { once: `benchmark ${turn}` });
        times[which].push(performance.now() - began);
      }
    }
  });
  await ledgers.empty.close();
  await ledgers.full.close();
  return [
    { name: 'commit, empty ledger', times: times.empty },
    { name: 'commit, full ledger', times: times.full },
    { name: 'commits: longest block', times: [], ...(row.block !== undefined && { block: row.block }) },
  ];
};

const tasks = { rebuild, 'parse and hash': parseAndHash, ready, commit };
const { task, directory, empty } = Task.parse(JSON.parse(process.argv[2] ?? ''));
process.send?.(await tasks[task](directory, empty));
process.disconnect?.();
