import { join } from 'node:path';
import { type Clock, type Ledger, LedgerFault, type Log } from '../domain/ports.ts';
import { isWork, type Summary } from '../domain/summary.ts';
import { enterAppend, succeededSince } from './book.ts';
import { createCheckpointer } from './checkpointer.ts';
import { createCursors } from './cursors.ts';
import { createDamageWatch } from './damage-watch.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { DirectoryInUse, errorCode, isFull, type JournalDamage, wordsOf } from './faults.ts';
import { type FileSystem, type OpenFile, realFileSystem } from './file-system.ts';
import { createGroupCommit } from './group-commit.ts';
import { createHeartbeat } from './heartbeat.ts';
import { createIndexFile } from './index-file.ts';
import { createJournalFile } from './journal-file.ts';
import { createKeyRing } from './key-ring.ts';
import { createLeases } from './leases.ts';
import { loadBook } from './load-book.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { createReader } from './reader.ts';
import { inSlices } from './slices.ts';
import { createStage } from './stage.ts';
import { createStateFile, statePath } from './state-file.ts';
import { createUpkeep } from './upkeep.ts';
import { verifyEarlier } from './verify-earlier.ts';

export interface FileLedgerOptions {
  /** Made when missing; for its owner only. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Key of the hashes of new lines. */
  readonly auditKey: string;
  /** Keys of older lines. */
  readonly oldKeys: readonly string[];
  /** Unguessable name of this run. */
  readonly instance: string;
  readonly identity: ProcessIdentity;
  readonly files?: FileSystem;
}

/** The ledger in files of one directory, for one process. */
export interface FileLedger extends Ledger {
  /** What a crash left half written and was cut off at this start, in words. */
  readonly recovered: string | undefined;
  /** The run before this one did not come to its end, so the followers' positions may have fallen back. */
  readonly uncleanStop: boolean;
  /** Verification of what stands before the checkpoint: what it found, undefined when all is well. */
  readonly verification: Promise<JournalDamage | undefined>;
  /**
   * The first damage that is found while the ledger is open, by verification or by reading; never resolves when there
   * is none. `trouble()` tells of it too; appends stay possible, so that the outcome of what has begun can be recorded.
   */
  readonly damaged: Promise<JournalDamage>;
  /** What the last append failed with; undefined when it went well. It is tried again while nobody else appends. */
  failure(): string | undefined;
}

type Parts = FileLedgerOptions & { readonly lock: DirectoryLock; readonly opened: OpenFile[] };

/** ms by which the clocks of machines may differ without anybody being told. */
const clockTolerance = 60_000;

/**
 * So much of a torn end stays until `recovered` is written over it: a crash before that leaves a torn end again. It is
 * one byte because what the record is written over must hold no newline and be shorter than the record.
 */
const tornBytesKept = 1;

const openLocked = async (parts: Parts): Promise<FileLedger> => {
  const { directory, clock, log, lock, opened, files = realFileSystem } = parts;
  const open = async (name: string) => {
    const file = await files.open(join(directory, name), 'write');
    opened.push(file);
    return file;
  };
  const keys = createKeyRing(parts.auditKey, parts.oldKeys);
  const file = await open('journal.jsonl');
  const index = createIndexFile(await open('index.jsonl'));
  const state = createStateFile(files, statePath(directory), keys, log);
  const heartbeat = createHeartbeat(clock, log, lock);
  const loading = loadBook(file, state, index, keys, clock, log);
  const { book, verifiedFrom, torn } = await heartbeat.during(loading);
  await heartbeat.beat();
  const lost = heartbeat.trouble();
  if (lost !== undefined) throw new DirectoryInUse(lost);
  if (torn !== undefined) {
    log.warn(torn);
    await file.truncate(book.head.offset + tornBytesKept);
  }
  // A process that was killed may have written what it had no time to sync.
  await file.sync();
  const behind = book.head.at - clock.now();
  if (behind > clockTolerance) {
    log.warn(
      "The clock is behind the ledger's last fact; new facts carry that fact's time until it has caught up",
      {
        seconds: Math.round(behind / 1_000),
      },
    );
  }
  // A stop is on record before it is over, and a run that ends before its start is on record leaves the lock only.
  const uncleanStop = book.running || lock.wasLeftBehind;
  const journal = createJournalFile(file, book.head.offset, torn === undefined ? 0 : tornBytesKept, log);
  const damage = createDamageWatch(log);
  // A checkpoint is sealed with the current key; without one, what was there may be older than that key.
  const currentAfter = verifiedFrom.seq || book.head.seq;
  const reader = createReader(file, book, keys, currentAfter, damage.found);
  const wakes = new Set<() => void>();
  const stop = new AbortController();
  let failure: string | undefined;

  const wakeAll = () => {
    for (const wake of wakes) {
      try {
        wake();
      } catch (error) {
        log.error('a subscriber of the ledger failed', { error: wordsOf(error) });
      }
    }
  };

  const commits = createGroupCommit(
    () => {
      const lost = heartbeat.trouble();
      if (lost !== undefined) throw new LedgerFault(lost);
      return createStage(book, keys, clock.now());
    },
    async (stage) => {
      try {
        await journal.append(stage.lines.join(''));
        failure = undefined;
      } catch (error) {
        failure = wordsOf(error);
        throw error;
      }
      try {
        for (const append of stage.appends) enterAppend(book, append);
      } catch (cause) {
        const words = 'what was appended could not be taken in; start the bot again';
        journal.giveUp(words);
        throw new LedgerFault(words, { cause });
      }
      wakeAll();
    },
  );

  const cursors = createCursors(book.cursors, async (facts) => {
    try {
      await commits.append({ stream: 'bot', expectedVersion: null, facts, once: undefined });
    } catch (error) {
      log.warn("a follower's position could not be recorded", { error: wordsOf(error) });
    }
  });
  const checkpointer = createCheckpointer(book, cursors.positions, index, state, () => heartbeat.beat());

  const lookAfter = async () => {
    await journal.check();
    if (failure !== undefined) await cursors.record();
  };
  const upkeep = createUpkeep(clock, log, heartbeat, lookAfter, checkpointer, stop.signal);

  const verify = async () => {
    const found = await verifyEarlier(file, keys, verifiedFrom, stop.signal);
    if (found !== undefined) damage.found(found);
    return found;
  };

  if (torn !== undefined) {
    const facts = [{ fact: 'recovered', words: torn }] as const;
    await commits.append({ stream: 'bot', expectedVersion: null, facts, once: undefined });
  }
  const verification = verify();
  const upkeepDone = upkeep.run();

  const close = async () => {
    stop.abort();
    await upkeepDone;
    await heartbeat.beat();
    await commits.settled();
    await cursors.flush();
    await upkeep.save();
    await Promise.allSettled([verification]);
    for (const each of opened) await each.close();
    await lock.release();
  };
  let closed: Promise<void> | undefined;

  return {
    recovered: torn,
    uncleanStop,
    verification,
    damaged: damage.first,
    failure: () => failure,
    append: async (stream, expectedVersion, facts, { once } = {}) => {
      if (closed !== undefined) throw new LedgerFault('the ledger is closed');
      return commits.append({ stream, expectedVersion, facts, once });
    },
    read: reader.read,
    ofRequest: reader.ofStream,
    open: () =>
      [...book.live].filter((id) => {
        const request = book.requests.get(id);
        return request !== undefined && isWork(request.summary);
      }),
    summary: (id) => book.requests.get(id)?.summary,
    list: async (match, limit) => {
      const found: Summary[] = [];
      await inSlices(book.requests.newestFirst(), ({ summary }) => {
        if (found.length < limit && match(summary)) found.push(summary);
        return found.length < limit;
      });
      return found;
    },
    succeededSince: (since) => succeededSince(book, since),
    inForce: () => book.inForce,
    head: () => ({ seq: book.head.seq, hash: book.head.hash }),
    cursor: (name) => cursors.positions.get(name) ?? 0,
    moveCursor: cursors.move,
    lease: createLeases(clock),
    subscribe: (wake) => {
      const entry = () => wake();
      wakes.add(entry);
      return () => wakes.delete(entry);
    },
    trouble: () =>
      closed === undefined
        ? (journal.trouble() ?? heartbeat.trouble() ?? damage.words())
        : 'the ledger is closed',
    close: () => {
      closed ??= close();
      return closed;
    },
  };
};

const takeDirectory = async (options: FileLedgerOptions): Promise<DirectoryLock> => {
  const { directory, files = realFileSystem } = options;
  try {
    await files.makeDirectory(directory);
    return await lockDirectory(options);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    const remedy = isFull(error)
      ? 'Make room on its disk'
      : 'It has to be a directory in which this process may write';
    throw new Error(`DATA_DIR (${directory}) cannot be used: ${wordsOf(error)}. ${remedy}`, { cause: error });
  }
};

/**
 * Takes the directory, verifies the journal and makes it ready for appends.
 * @throws {DirectoryInUse} when another process has it
 * @throws {JournalDamage} when the journal is not what was written
 */
export const openFileLedger = async (options: FileLedgerOptions): Promise<FileLedger> => {
  const lock = await takeDirectory(options);
  const opened: OpenFile[] = [];
  try {
    return await openLocked({ ...options, lock, opened });
  } catch (error) {
    for (const file of opened) await file.close();
    await lock.release();
    throw error;
  }
};
