import { type Book, rowsIn, tables } from './book.ts';
import { type IndexLine, type IndexPosition, snapshot, storedRequests } from './checkpoint.ts';
import type { IndexFile } from './index-file.ts';
import { sliceSize } from './slices.ts';
import type { StateFile } from './state-file.ts';

/** Writes checkpoints of the book. */
export interface Checkpointer {
  /** Does nothing when nothing changed since the last one. One at a time. */
  save(): Promise<void>;
}

/** Rows of a table that are written in one go. */
const rowsInSlice = 8 * sliceSize;

/**
 * @param cursors the followers' positions, which are ahead of the facts that record them
 * @param beat shows that we live, between writes that together may take longer than others watch for it
 */
export const createCheckpointer = (
  book: Book,
  cursors: ReadonlyMap<string, number>,
  index: IndexFile,
  state: StateFile,
  beat: () => Promise<void>,
): Checkpointer => {
  let saved = '';

  /** What of the tables is not in the index yet, at most so many rows of each. */
  const nextRows = (most: number) => {
    const { indexed } = book;
    const until = { ...indexed };
    const lines: IndexLine[] = [];
    for (const table of tables) {
      until[table] = Math.min(book[table].count(), indexed[table] + most);
      if (until[table] === indexed[table]) continue;
      lines.push({ table, rows: book[table].encode(indexed[table], until[table]) });
    }
    return { lines, until };
  };

  /** Adds to the index. Whatever is not in it in the end has to be written the next time. */
  const write = async (ids: readonly string[], mostRows: number): Promise<IndexPosition> => {
    const { lines, until } = nextRows(mostRows);
    const requests = storedRequests(book, ids);
    for (const id of ids) book.unindexed.delete(id);
    try {
      const position = await index.append([...requests, ...lines]);
      book.indexed = until;
      return position;
    } catch (error) {
      for (const id of ids) book.unindexed.add(id);
      throw error;
    }
  };

  const isMuch = (): boolean => {
    const now = rowsIn(book);
    return (
      book.unindexed.size > sliceSize ||
      tables.some((table) => now[table] - book.indexed[table] > rowsInSlice)
    );
  };

  /**
   * After a rebuild this is all there is, too much to be written in one go; so are very many that are open. What is in
   * the index before its checkpoint does no harm: it counts only as far as a checkpoint says.
   */
  const writeMuch = async (): Promise<void> => {
    while (isMuch()) {
      await write([...book.unindexed].slice(0, sliceSize), rowsInSlice);
      await beat();
    }
  };

  const save = async (): Promise<void> => {
    const signature = JSON.stringify([book.head.seq, ...cursors]);
    if (signature === saved) return;
    await writeMuch();
    const checkpoint = snapshot(book, cursors);
    const done = [...book.unindexed].filter((id) => !book.live.has(id));
    const position = await write(done, Number.POSITIVE_INFINITY);
    await state.write({ ...checkpoint, index: position });
    saved = signature;
  };

  return { save };
};
