import { LedgerFault, type Log } from '../domain/ports.ts';
import { isFull, wordsOf } from './faults.ts';
import type { OpenFile } from './file-system.ts';

/** The journal as a file that only grows, by whole durable writes. */
export interface JournalFile {
  /**
   * Writes at the end; resolves when it is on disk.
   * @throws {LedgerFault} when nothing was appended: the file ends where it ended before, unless the words say otherwise
   */
  append(text: string): Promise<void>;
  /** Looks whether the file is still in its place with all that was written. */
  check(): Promise<void>;
  /** Refuses all further appends, for this reason. */
  giveUp(words: string): void;
  /** Why no append is possible until the next start; undefined while they are. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

const whatToDo = (error: unknown): string =>
  isFull(error)
    ? 'the disk of DATA_DIR is full: make room'
    : `DATA_DIR cannot be written (${wordsOf(error)}): look at the disk`;

/**
 * @param end length of the journal in bytes, all of it verified
 * @param torn bytes behind it that a crash left half written; the first append takes their place
 */
export const createJournalFile = (file: OpenFile, end: number, torn: number, log: Log): JournalFile => {
  let broken: string | undefined;

  const giveUp = (words: string): void => {
    if (broken !== undefined) return;
    broken = words;
    log.error('nothing more is appended to the journal', { reason: words });
  };

  /** After a failed write nobody knows what is on disk, so the file is cut back to what is surely there. */
  const repair = async (words: string): Promise<void> => {
    try {
      await file.truncate(end + torn);
      await file.sync();
    } catch (error) {
      giveUp(
        `${words}; what was written could not be removed (${wordsOf(error)}), so it may show up after the next start; nothing more is appended until the bot is started again`,
      );
    }
  };

  // A disk that does not answer the questions here is told of by the write.
  const checkSize = async (): Promise<void> => {
    const expected = end + torn;
    const size = await file.size().catch(() => expected);
    if (size !== expected) {
      giveUp(
        `journal.jsonl is ${size} bytes long instead of ${expected}: something else wrote to it; stop that and start the bot again`,
      );
    }
  };

  const checkPlace = async (): Promise<void> => {
    if (await file.isInPlace().catch(() => true)) return;
    giveUp(
      'journal.jsonl was removed or replaced while the bot was running: put back the file that was there, or its newest backup, and start the bot again',
    );
  };

  const checkEnd = async (): Promise<void> => {
    const known = end;
    // An append that is under way makes it longer only.
    if ((await file.size().catch(() => known)) >= known) return;
    giveUp(
      'journal.jsonl was cut off while the bot was running: put back the file that was there, or its newest backup, and start the bot again',
    );
  };

  const check = async (): Promise<void> => {
    await Promise.all([checkPlace(), checkEnd()]);
  };

  const append = async (text: string): Promise<void> => {
    await Promise.all([checkPlace(), checkSize()]);
    if (broken !== undefined) throw new LedgerFault(broken);
    const bytes = Buffer.from(text);
    try {
      await file.write(bytes, end);
      await file.sync();
    } catch (cause) {
      const words = whatToDo(cause);
      await repair(words);
      throw new LedgerFault(broken ?? words, { cause });
    }
    end += bytes.length;
    torn = 0;
  };

  return { append, check, giveUp, trouble: () => broken, close: () => file.close() };
};
