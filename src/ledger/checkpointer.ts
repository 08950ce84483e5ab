import type { Book } from './book.ts';
import { type StoredStream, snapshot, storedStream } from './checkpoint.ts';
import type { IndexFile } from './index-file.ts';
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

  const changedStreams = (): StoredStream[] => {
    const streams = [...book.unindexed].flatMap((id) => {
      const entry = book.streams.get(id);
      return entry === undefined ? [] : [storedStream(id, entry)];
    });
    const entry = book.streams.get('bot');
    const bot = index.bot();
    if (entry !== undefined && entry.lines.length > bot.lines) {
      streams.push({ id: 'bot', lines: entry.lines.slice(bot.lines), once: entry.once.slice(bot.once) });
    }
    return streams;
  };

  const save = async (): Promise<void> => {
    const signature = JSON.stringify([book.head.seq, ...cursors]);
    if (signature === saved) return;
    const checkpoint = snapshot(book, cursors);
    const streams = changedStreams();
    book.unindexed.clear();
    try {
      const position = await index.append(streams);
      await state.write({ ...checkpoint, index: position });
    } catch (error) {
      for (const { id } of streams) if (id !== 'bot') book.unindexed.add(id);
      throw error;
    }
    saved = signature;
  };

  return { save };
};
