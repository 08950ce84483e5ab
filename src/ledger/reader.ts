import type { LedgerRecord } from '../domain/facts.ts';
import { type Book, linesPerMark } from './book.ts';
import { JournalDamage } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';
import { decodeLine, restoreRemedy } from './line.ts';
import { readLines } from './verify-journal.ts';

/** Reads facts back from the journal; each line is verified again, so nobody acts on a changed one. */
export interface Reader {
  /** Records with `seq > afterSeq`, in order, at most `limit`. */
  readonly read: (afterSeq: number, limit: number) => Promise<readonly LedgerRecord[]>;
  /** All records of one stream in order. */
  readonly ofStream: (id: string) => Promise<readonly LedgerRecord[]>;
}

/** Most lines are shorter, so one read of this size is enough for one line. */
const usualLine = 4096;
const newline = 0x0a;

type File = Pick<OpenFile, 'read'>;

/** The line that begins at `offset`, without its newline. */
const lineAt = async (file: File, offset: number): Promise<Buffer> => {
  for (let length = usualLine; ; length *= 4) {
    const bytes = await file.read(offset, length);
    const end = bytes.indexOf(newline);
    if (end !== -1) return bytes.subarray(0, end);
    if (bytes.length < length) return bytes;
  }
};

const lineNumber = async (file: File, offset: number): Promise<number> => {
  let line = 1;
  for await (const lines of readLines(file, 0, offset)) line += lines.length;
  return line;
};

export const createReader = (file: File, book: Book, keys: KeyRing): Reader => {
  const read = async (afterSeq: number, limit: number): Promise<readonly LedgerRecord[]> => {
    const mark = Math.floor(afterSeq / linesPerMark);
    const from = book.marks[mark];
    const records: LedgerRecord[] = [];
    if (from === undefined || limit <= 0) return records;
    let seq = mark * linesPerMark;
    for await (const lines of readLines(file, from, book.head.offset)) {
      for (const { bytes } of lines) {
        seq += 1;
        if (seq <= afterSeq) continue;
        const decoded = decodeLine(bytes, keys);
        if (!decoded.ok) throw new JournalDamage(seq, decoded.wrong, decoded.remedy);
        if (decoded.record.seq !== seq) throw new JournalDamage(seq, 'lines were moved', restoreRemedy);
        records.push(decoded.record);
        if (records.length === limit) return records;
      }
    }
    return records;
  };

  const ofStream = async (id: string): Promise<readonly LedgerRecord[]> => {
    const offsets = [...(book.streams.get(id)?.lines ?? [])];
    const records: LedgerRecord[] = [];
    for (const [i, offset] of offsets.entries()) {
      const decoded = decodeLine(await lineAt(file, offset), keys);
      if (!decoded.ok) {
        throw new JournalDamage(await lineNumber(file, offset), decoded.wrong, decoded.remedy);
      }
      const { record } = decoded;
      if (record.id !== id || record.version !== i + 1) {
        throw new JournalDamage(await lineNumber(file, offset), 'lines were moved', restoreRemedy);
      }
      records.push(record);
    }
    return records;
  };

  return { read, ofStream };
};
