import { createHash, type Hash } from 'node:crypto';
import { IndexLine, type IndexPosition } from './checkpoint.ts';
import type { OpenFile } from './file-system.ts';
import { readLines } from './verify-journal.ts';

/** `index.jsonl`: requests as they were when they were written, of which the later line counts, and rows of tables. */
export interface IndexFile {
  /**
   * Hands over what was stored, line by line, so that it is in memory only once.
   * @returns false when the file is not what the checkpoint says: then nothing that was handed over counts
   */
  load(position: IndexPosition, enter: (line: IndexLine) => void): Promise<boolean>;
  /** Begins anew with an empty file. */
  clear(): Promise<void>;
  /** Adds lines; resolves when they are on disk. A failed append has no effect on the next one. */
  append(lines: readonly IndexLine[]): Promise<IndexPosition>;
  close(): Promise<void>;
}

export const createIndexFile = (file: OpenFile): IndexFile => {
  let size = 0;
  let hash: Hash = createHash('sha256');

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
        const line = IndexLine.safeParse(json);
        if (!line.success) return false;
        enter(line.data);
      }
    }
    if (loaded.copy().digest('hex') !== position.hash) return false;
    hash = loaded;
    size = position.size;
    await file.truncate(size);
    return true;
  };

  const append: IndexFile['append'] = async (lines) => {
    if (lines.length > 0) {
      const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      await file.write(bytes, size);
      await file.sync();
      hash.update(bytes);
      size += bytes.length;
    }
    return { size, hash: hash.copy().digest('hex') };
  };

  const clear = async () => {
    size = 0;
    hash = createHash('sha256');
    await file.truncate(0);
  };

  return { load, clear, append, close: () => file.close() };
};
