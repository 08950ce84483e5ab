import { z } from 'zod';
import { InForce } from '../domain/in-force.ts';
import { Summary } from '../domain/summary.ts';
import { type Book, emptyBook, enterStream, type StreamEntry } from './book.ts';
import { inSlices } from './slices.ts';

const count = z.number().int().nonnegative();

/** A stream as it is stored. */
export const StoredStream = z.object({
  id: z.string(),
  summary: Summary.optional(),
  lines: z.array(count),
  once: z.array(z.tuple([z.string(), count])),
});
export type StoredStream = z.infer<typeof StoredStream>;

/** How far the index belongs to a checkpoint: its first `size` bytes, whose SHA-256 is `hash`. */
export const IndexPosition = z.object({ size: count, hash: z.string() });
export type IndexPosition = z.infer<typeof IndexPosition>;

/** Where the next start may go on from. Facts and grants are not in it: they stand in the journal. */
export const Checkpoint = z.object({
  v: z.literal(1),
  seq: count,
  hash: z.string(),
  offset: count,
  at: count,
  lastLine: count,
  requests: count,
  running: z.boolean(),
  inForce: InForce,
  cursors: z.record(z.string(), count),
  marks: z.array(count),
  /** Requests to which something can still happen; all others stand in the index. */
  live: z.array(StoredStream),
  index: IndexPosition,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** A copy, because the entry goes on changing while the copy is written. */
export const storedStream = (book: Book, id: string, entry: StreamEntry): StoredStream => ({
  id,
  ...(entry.summary !== undefined && { summary: entry.summary }),
  lines: [...entry.lines],
  once: entry.once.map((key) => [key, book.once.get(key)?.seq ?? 0]),
});

/** The book as it is now, without what the index holds. */
export const snapshot = (book: Book, cursors: ReadonlyMap<string, number>): Omit<Checkpoint, 'index'> => ({
  v: 1,
  ...book.head,
  requests: book.requests,
  running: book.running,
  inForce: book.inForce,
  cursors: Object.fromEntries(cursors),
  marks: [...book.marks],
  live: [...book.live].flatMap((id) => {
    const entry = book.streams.get(id);
    return entry === undefined ? [] : [storedStream(book, id, entry)];
  }),
});

/**
 * The book as it was at a checkpoint.
 * @param enterIndexed enters the streams of the index; false when it is not the index of this checkpoint
 * @returns undefined when the index cannot be used
 */
export const restoreBook = async (
  checkpoint: Checkpoint,
  enterIndexed: (enter: (stream: StoredStream) => void) => Promise<boolean>,
): Promise<Book | undefined> => {
  const { seq, hash, offset, at, lastLine, requests, running, inForce, marks, live } = checkpoint;
  const cursors = new Map(Object.entries(checkpoint.cursors));
  const book = {
    ...emptyBook(),
    head: { seq, hash, offset, at, lastLine },
    requests,
    running,
    inForce,
    marks,
    cursors,
  };
  if (!(await enterIndexed((stream) => enterStream(book, stream)))) return undefined;
  for (const stream of live) enterStream(book, stream);
  await inSlices(book.streams, ([id, { summary }]) => {
    if (summary?.proven !== undefined) book.succeeded.push({ id, at: summary.proven.at });
    return true;
  });
  book.succeeded.sort((a, b) => a.at - b.at);
  return book;
};
