import { createHash, type Hash } from 'node:crypto';
import { type IndexPosition, StoredStream } from './checkpoint.ts';
import type { OpenFile } from './file-system.ts';
import { readLines } from './verify-journal.ts';

/** `index.jsonl`: streams as they were when they were written; a later line of the same stream counts. */
export interface IndexFile {
  /**
   * Hands over what was stored, line by line, so that it is in memory only once.
   * @returns false when the file is not what the checkpoint says: then nothing that was handed over counts
   */
  load(position: IndexPosition, enter: (stream: StoredStream) => void): Promise<boolean>;
  /** Begins anew with an empty file. */
  clear(): Promise<void>;
  /** Adds lines; resolves when they are on disk. A failed append has no effect on the next one. */
  append(streams: readonly StoredStream[]): Promise<IndexPosition>;
  /** How much of the stream `bot` is in it. */
  bot(): { readonly lines: number; readonly once: number };
  close(): Promise<void>;
}

export const createIndexFile = (file: OpenFile): IndexFile => {
  let size = 0;
  let hash: Hash = createHash('sha256');
  let bot = { lines: 0, once: 0 };

  const count = ({ id, lines, once }: StoredStream) => {
    if (id === 'bot') bot = { lines: bot.lines + lines.length, once: bot.once + once.length };
  };

  const load: IndexFile['load'] = async (position, enter) => {
    const loaded = createHash('sha256');
    for await (const lines of readLines(file, 0, position.size)) {
      for (const { bytes } of lines) {
        loaded.update(bytes).update('\n');
        let json: unknown;
        try {
          json = JSON.parse(bytes.toString('utf8'));
        } catch {
          return false;
        }
        const stream = StoredStream.safeParse(json);
        if (!stream.success) return false;
        count(stream.data);
        enter(stream.data);
      }
    }
    if (loaded.copy().digest('hex') !== position.hash) return false;
    hash = loaded;
    size = position.size;
    await file.truncate(size);
    return true;
  };

  const append: IndexFile['append'] = async (streams) => {
    if (streams.length > 0) {
      const bytes = Buffer.from(streams.map((stream) => `${JSON.stringify(stream)}\n`).join(''));
      await file.write(bytes, size);
      await file.sync();
      hash.update(bytes);
      size += bytes.length;
      for (const stream of streams) count(stream);
    }
    return { size, hash: hash.copy().digest('hex') };
  };

  const clear = async () => {
    size = 0;
    bot = { lines: 0, once: 0 };
    hash = createHash('sha256');
    await file.truncate(0);
  };

  return { load, clear, append, bot: () => bot, close: () => file.close() };
};
