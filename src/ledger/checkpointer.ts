import type { Book } from './book.ts';
import { type StoredStream, snapshot, storedStream } from './checkpoint.ts';
import type { IndexFile } from './index-file.ts';
import { sliceSize } from './slices.ts';
import type { StateFile } from './state-file.ts';

/** Writes checkpoints of the book. */
export interface Checkpointer {
  /** Does nothing when nothing changed since the last one. One at a time. */
  save(): Promise<void>;
}

/** @param cursors the followers' positions, which are ahead of the facts that record them */
export const createCheckpointer = (
  book: Book,
  cursors: ReadonlyMap<string, number>,
  index: IndexFile,
  state: StateFile,
): Checkpointer => {
  let saved = '';

  const stored = (ids: Iterable<string>): StoredStream[] =>
    [...ids].flatMap((id) => {
      const entry = book.streams.get(id);
      return entry === undefined ? [] : [storedStream(book, id, entry)];
    });

  /** Whatever is not stored in the end has to be stored the next time. */
  const orAgain = async <T>(ids: readonly string[], work: () => Promise<T>): Promise<T> => {
    for (const id of ids) book.unindexed.delete(id);
    try {
      return await work();
    } catch (error) {
      for (const id of ids) book.unindexed.add(id);
      throw error;
    }
  };

  /**
   * After a rebuild these are all requests there are, too many to be written in one go. What is in the index before
   * its checkpoint does no harm: it counts only as far as a checkpoint says.
   */
  const indexMany = async (): Promise<void> => {
    const many = [...book.unindexed];
    for (let from = 0; from + sliceSize < many.length; from += sliceSize) {
      const ids = many.slice(from, from + sliceSize);
      await orAgain(ids, () => index.append(stored(ids)));
    }
  };

  const ofBot = (): StoredStream[] => {
    const entry = book.streams.get('bot');
    const known = index.bot();
    if (entry === undefined || entry.lines.length <= known.lines) return [];
    const since = { lines: entry.lines.slice(known.lines), once: entry.once.slice(known.once) };
    return [storedStream(book, 'bot', since)];
  };

  const save = async (): Promise<void> => {
    const signature = JSON.stringify([book.head.seq, ...cursors]);
    if (signature === saved) return;
    await indexMany();
    const checkpoint = snapshot(book, cursors);
    const ids = [...book.unindexed];
    const streams = [...stored(ids), ...ofBot()];
    await orAgain(ids, async () => {
      const position = await index.append(streams);
      await state.write({ ...checkpoint, index: position });
    });
    saved = signature;
  };

  return { save };
};
