import { join } from 'node:path';
import { type Clock, type Ledger, LedgerFault, type Log } from '../domain/ports.ts';
import { isWork } from '../domain/summary.ts';
import { emptyBook, enterAppend } from './book.ts';
import { type FileSystem, realFileSystem } from './file-system.ts';
import { createGroupCommit } from './group-commit.ts';
import { createJournalFile } from './journal-file.ts';
import { createKeyRing } from './key-ring.ts';
import { createLeases } from './leases.ts';
import { createReader } from './reader.ts';
import { replay } from './replay.ts';
import { createStage } from './stage.ts';

export interface FileLedgerOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Key of the hashes of new lines. */
  readonly auditKey: string;
  /** Keys of older lines. */
  readonly oldKeys: readonly string[];
  readonly files?: FileSystem;
}

export interface FileLedger extends Ledger {
  /** What a crash left half written and was cut off at this start. */
  readonly recovered: string | undefined;
  /** The last `started` was not followed by a `stopped`. */
  readonly uncleanStop: boolean;
}

export const openFileLedger = async (options: FileLedgerOptions): Promise<FileLedger> => {
  const { directory, clock, log, files = realFileSystem } = options;
  const keys = createKeyRing(options.auditKey, options.oldKeys);
  await files.makeDirectory(directory);
  const file = await files.open(join(directory, 'journal.jsonl'), 'write');
  const book = emptyBook();
  const recovered = await replay(file, await file.size(), keys, book);
  if (recovered !== undefined) {
    await file.truncate(book.head.offset);
    await file.sync();
  }
  const uncleanStop = book.running;
  const journal = createJournalFile(file, book.head.offset);
  const reader = createReader(file, book, keys);
  const wakes = new Set<() => void>();
  let closed = false;

  const commits = createGroupCommit(
    () => createStage(book, keys, clock.now()),
    async (stage) => {
      await journal.append(stage.lines.join(''));
      for (const append of stage.appends) enterAppend(book, append);
      for (const wake of wakes) wake();
    },
  );

  const append: Ledger['append'] = async (stream, expectedVersion, facts, { once } = {}) => {
    if (closed) throw new LedgerFault('the ledger is closed');
    return commits.append({ stream, expectedVersion, facts, once });
  };

  if (recovered !== undefined) {
    log.warn(recovered);
    await append('bot', null, [{ fact: 'recovered', words: recovered }]);
  }

  return {
    recovered,
    uncleanStop,
    append,
    read: reader.read,
    ofRequest: reader.ofStream,
    open: () =>
      [...book.live].filter((id) => {
        const summary = book.streams.get(id)?.summary;
        return summary !== undefined && isWork(summary);
      }),
    summary: (id) => book.streams.get(id)?.summary,
    list: async (match, limit) => {
      const found = [];
      for (const entry of [...book.streams.values()].reverse()) {
        if (found.length >= limit) break;
        if (entry.summary !== undefined && match(entry.summary)) found.push(entry.summary);
      }
      return found;
    },
    head: () => ({ seq: book.head.seq, hash: book.head.hash }),
    cursor: (name) => book.cursors.get(name) ?? 0,
    moveCursor: async (name, seq) => {
      book.cursors.set(name, seq);
    },
    lease: createLeases(clock),
    subscribe: (wake) => {
      const entry = () => wake();
      wakes.add(entry);
      return () => wakes.delete(entry);
    },
    trouble: () => (closed ? 'the ledger is closed' : journal.trouble()),
    close: async () => {
      closed = true;
      await commits.settled();
      await journal.close();
    },
  };
};
