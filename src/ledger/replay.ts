import { type Book, enterAppend } from './book.ts';
import { JournalDamage } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';
import { restoreRemedy } from './line.ts';
import type { Progress } from './progress.ts';
import { type JournalEnd, type PlacedRecord, verifyJournal } from './verify-journal.ts';

/** The bytes without the zeros that some file systems leave behind the last write after a power cut. */
const withoutZeros = (bytes: Buffer): Buffer => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
};

const isJson = (bytes: Buffer): boolean => {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};

/**
 * A crash leaves the beginning of a line. A whole line with something else in the place of its newline was on
 * disk once and people were told of it, so that is damage.
 * @throws {JournalDamage} when the rest behind the last newline is such a line
 */
export const refuseChangedNewline = ({ seq, rest }: JournalEnd): void => {
  const text = withoutZeros(rest);
  if (isJson(text.subarray(0, -1))) {
    throw new JournalDamage(seq + 1, 'its newline was changed', restoreRemedy);
  }
};

/**
 * Verifies the journal from where the book ends and takes it into the book, append by append. An append that a
 * crash cut short is left out: the book's head then lies before the end of the file.
 * @param size length of the file in bytes
 * @returns in words what is left out; undefined when the file ends with a whole append
 * @throws {JournalDamage} for everything that a crash does not explain
 */
export const replay = async (
  file: Pick<OpenFile, 'read'>,
  size: number,
  keys: KeyRing,
  book: Book,
  progress: Progress,
): Promise<string | undefined> => {
  let append: PlacedRecord[] = [];
  const chunks = verifyJournal(file, keys, book.head, size);
  let next = await chunks.next();
  for (; next.done !== true; next = await chunks.next()) {
    for (const line of next.value) {
      append.push(line);
      if (line.record.more !== undefined) continue;
      enterAppend(book, append);
      append = [];
    }
    progress(book.head);
  }
  refuseChangedNewline(next.value);
  const { offset, seq } = book.head;
  if (offset === size) return undefined;
  return `the bot was stopped in the middle of writing: ${size - offset} bytes after line ${seq} were no whole append and were cut off; nobody was told of them`;
};
