import { endianness } from 'node:os';
import { z } from 'zod';
import { InForce } from '../domain/in-force.ts';
import { isFinal } from '../domain/state.ts';
import { Summary } from '../domain/summary.ts';
import { type Book, emptyBook, rowsIn, tables } from './book.ts';
import { requestId, requestNumber } from './requests.ts';

const count = z.number().int().nonnegative();

const Stream = z.object({ version: count, last: count });

/** A request as it is stored. */
const StoredRequest = Stream.extend({ summary: Summary });
export type StoredRequest = z.infer<typeof StoredRequest>;

/** A line of the index: a request as it was when it was written, or the next rows of a table. */
export const IndexLine = z.union([StoredRequest, z.object({ table: z.enum(tables), rows: z.string() })]);
export type IndexLine = z.infer<typeof IndexLine>;

/** How far the index belongs to a checkpoint: its first `size` bytes, whose SHA-256 is `hash`. */
export const IndexPosition = z.object({ size: count, hash: z.string() });
export type IndexPosition = z.infer<typeof IndexPosition>;

/** Where the next start may go on from. Facts and grants are not in it: they stand in the journal. */
export const Checkpoint = z.object({
  v: z.literal(2),
  /** Of the numbers in tables. */
  byteOrder: z.literal(endianness()),
  seq: count,
  hash: z.string(),
  offset: count,
  at: count,
  lastLine: count,
  bot: Stream,
  requests: count,
  running: z.boolean(),
  inForce: InForce,
  cursors: z.record(z.string(), count),
  /** Requests to which something can still happen, as far as the index does not hold them as they are. */
  live: z.array(StoredRequest),
  index: IndexPosition,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** The requests of these ids as they are now. */
export const storedRequests = (book: Book, ids: Iterable<string>): StoredRequest[] =>
  [...ids].flatMap((id) => book.requests.get(id) ?? []);

/** The book as it is now, without what the index holds. */
export const snapshot = (book: Book, cursors: ReadonlyMap<string, number>): Omit<Checkpoint, 'index'> => ({
  v: 2,
  byteOrder: endianness(),
  ...book.head,
  bot: book.bot,
  requests: book.requests.count(),
  running: book.running,
  inForce: book.inForce,
  cursors: Object.fromEntries(cursors),
  live: storedRequests(
    book,
    [...book.unindexed].filter((id) => book.live.has(id)),
  ),
});

const enterRequest = (book: Book, request: StoredRequest): void => {
  const { summary } = request;
  book.requests.set(request);
  if (isFinal(summary.progress.state)) book.live.delete(summary.id);
  else book.live.add(summary.id);
};

const enterLine = (book: Book, line: IndexLine): void => {
  if ('summary' in line) enterRequest(book, line);
  else book[line.table].decode(line.rows);
};

/** Some were stored in the index and some in the checkpoint; the book has them oldest first. */
const putLiveInOrder = ({ live }: Book): void => {
  const numbers = Uint32Array.from(live, requestNumber).sort();
  live.clear();
  for (const number of numbers) live.add(requestId(number));
};

/**
 * The book as it was at a checkpoint.
 * @param readIndex hands over the lines of the index; false when it is not the index of this checkpoint
 * @returns undefined when the index cannot be used
 */
export const restoreBook = async (
  checkpoint: Checkpoint,
  readIndex: (enter: (line: IndexLine) => void) => Promise<boolean>,
): Promise<Book | undefined> => {
  const { seq, hash, offset, at, lastLine, bot, requests, running, inForce, live } = checkpoint;
  const cursors = new Map(Object.entries(checkpoint.cursors));
  const head = { seq, hash, offset, at, lastLine };
  const book: Book = { ...emptyBook(requests), head, bot, running, inForce, cursors };
  if (!(await readIndex((line) => enterLine(book, line)))) return undefined;
  book.indexed = rowsIn(book);
  for (const request of live) {
    enterRequest(book, request);
    book.unindexed.add(request.summary.id);
  }
  putLiveInOrder(book);
  return book;
};
