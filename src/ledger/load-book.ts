import type { Clock, Log } from '../domain/ports.ts';
import { type Book, emptyBook } from './book.ts';
import { type Checkpoint, restoreBook } from './checkpoint.ts';
import { JournalDamage } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { IndexFile } from './index-file.ts';
import type { KeyRing } from './key-ring.ts';
import { decodeLine } from './line.ts';
import { createProgress } from './progress.ts';
import { replay } from './replay.ts';
import type { StateFile } from './state-file.ts';
import { beginning, type Position } from './verify-journal.ts';

export interface Loaded {
  readonly book: Book;
  /** What was not verified yet is what stands before this. */
  readonly verifiedFrom: Position;
  /** In words what a crash left half written; it stands after the book's head and is still to be cut off. */
  readonly torn: string | undefined;
}

/** For a journal that ends before the checkpoint. */
export const cutRemedy =
  'Restore journal.jsonl; only if an older one was put there on purpose, or this is a copy in which state.json was copied after journal.jsonl, delete state.json and index.jsonl here';

const refuseCutTail = (checkpoint: Position, { seq, offset }: Position): void => {
  if (offset >= checkpoint.offset) return;
  const words = `it is missing or not whole, as is all after it up to line ${checkpoint.seq}, which was on disk at the last checkpoint`;
  throw new JournalDamage(seq + 1, words, cutRemedy);
};

/** True when the line that ends at the checkpoint is the one it was made after. */
const fits = async (
  file: Pick<OpenFile, 'read'>,
  keys: KeyRing,
  checkpoint: Checkpoint,
): Promise<boolean> => {
  const { lastLine, offset, seq, hash } = checkpoint;
  if (seq === 0) return offset === 0;
  const bytes = await file.read(lastLine, offset - lastLine);
  if (bytes.at(-1) !== 0x0a) return false;
  const decoded = decodeLine(bytes.subarray(0, -1), keys);
  return decoded.ok && decoded.record.seq === seq && decoded.record.hash === hash;
};

/**
 * Makes the book from checkpoint, index and the lines behind them, or from all lines when there is no checkpoint
 * that can be used.
 * @throws {JournalDamage} when what was read of the journal is not what was written
 */
export const loadBook = async (
  file: OpenFile,
  state: StateFile,
  index: IndexFile,
  keys: KeyRing,
  clock: Pick<Clock, 'now'>,
  log: Log,
): Promise<Loaded> => {
  const size = await file.size();
  const checkpoint = await state.read();
  let book: Book | undefined;
  if (checkpoint !== null && (await fits(file, keys, checkpoint))) {
    book = await restoreBook(checkpoint, (enter) => index.load(checkpoint.index, enter));
  }
  const verifiedFrom = checkpoint !== null && book !== undefined ? checkpoint : beginning;
  if (book === undefined) {
    if (checkpoint !== null) log.warn('the checkpoint does not fit; all lines of the journal are verified');
    await index.clear();
    book = emptyBook();
  }
  const torn = await replay(file, size, keys, book, createProgress(clock, log, size));
  if (checkpoint !== null) refuseCutTail(checkpoint, book.head);
  return { book, verifiedFrom, torn };
};
