import { createHash, type Hash } from 'node:crypto';
import { type IndexPosition, StoredStream } from './checkpoint.ts';
import type { OpenFile } from './file-system.ts';
import { readLines } from './verify-journal.ts';

/** `index.jsonl`: streams as they were when they were written; a later line of the same stream counts. */
export interface IndexFile {
  /** What was stored, each stream once; undefined when the file is not what the checkpoint says. */
  load(position: IndexPosition): Promise<readonly StoredStream[] | undefined>;
  /** Begins anew with an empty file. */
  clear(): Promise<void>;
  /** Adds lines; resolves when they are on disk. A failed append has no effect on the next one. */
  append(streams: readonly StoredStream[]): Promise<IndexPosition>;
  /** How much of the stream `bot` is in it. */
  bot(): { readonly lines: number; readonly once: number };
  close(): Promise<void>;
}

/** The stream `bot` never ends, so each of its lines holds only what came after the one before. */
const merge = (before: StoredStream | undefined, stream: StoredStream): StoredStream =>
  before === undefined || stream.id !== 'bot'
    ? stream
    : { ...stream, lines: [...before.lines, ...stream.lines], once: [...before.once, ...stream.once] };

export const createIndexFile = (file: OpenFile): IndexFile => {
  let size = 0;
  let hash: Hash = createHash('sha256');
  let bot = { lines: 0, once: 0 };

  const load: IndexFile['load'] = async (position) => {
    const streams = new Map<string, StoredStream>();
    const loaded = createHash('sha256');
    for await (const lines of readLines(file, 0, position.size)) {
      for (const { bytes } of lines) {
        loaded.update(bytes).update('\n');
        let json: unknown;
        try {
          json = JSON.parse(bytes.toString('utf8'));
        } catch {
          return undefined;
        }
        const stream = StoredStream.safeParse(json);
        if (!stream.success) return undefined;
        streams.set(stream.data.id, merge(streams.get(stream.data.id), stream.data));
      }
    }
    if (loaded.copy().digest('hex') !== position.hash) return undefined;
    hash = loaded;
    size = position.size;
    const stored = streams.get('bot');
    bot = { lines: stored?.lines.length ?? 0, once: stored?.once.length ?? 0 };
    await file.truncate(size);
    return [...streams.values()];
  };

  const append: IndexFile['append'] = async (streams) => {
    if (streams.length > 0) {
      const bytes = Buffer.from(streams.map((stream) => `${JSON.stringify(stream)}\n`).join(''));
      await file.write(bytes, size);
      await file.sync();
      hash.update(bytes);
      size += bytes.length;
      for (const { id, lines, once } of streams) {
        if (id === 'bot') bot = { lines: bot.lines + lines.length, once: bot.once + once.length };
      }
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
