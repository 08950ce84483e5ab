import type { LedgerRecord } from '../domain/facts.ts';
import { type Book, streamOf } from './book.ts';
import { JournalDamage } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';
import { decodeLine, restoreRemedy } from './line.ts';
import { readLines, sealedTooLate } from './verify-journal.ts';

/** Reads facts back from the journal; each line is verified again, so nobody acts on a changed one. */
export interface Reader {
  /** Records with `seq > afterSeq`, in order, at most `limit`. */
  readonly read: (afterSeq: number, limit: number) => Promise<readonly LedgerRecord[]>;
  /** All records of one stream in order. */
  readonly ofStream: (id: string) => Promise<readonly LedgerRecord[]>;
}

/**
 * @param currentAfter facts after this one are sealed with the current key only
 * @param onDamage is told what is thrown to whoever reads, because it concerns everybody
 */
export const createReader = (
  file: Pick<OpenFile, 'read'>,
  book: Book,
  keys: KeyRing,
  currentAfter: number,
  onDamage: (found: JournalDamage) => void,
): Reader => {
  const tell = (found: JournalDamage): JournalDamage => {
    onDamage(found);
    return found;
  };
  const damage = (seq: number, wrong: string, remedy = restoreRemedy): JournalDamage =>
    tell(new JournalDamage(seq, wrong, remedy));

  const recordIn = (bytes: Buffer, seq: number): LedgerRecord => {
    const decoded = decodeLine(bytes, keys);
    if (!decoded.ok) throw damage(seq, decoded.wrong, decoded.remedy);
    const { record } = decoded;
    if (record.seq !== seq) throw damage(seq, 'lines were moved');
    if (seq > currentAfter && record.key !== keys.current) throw tell(sealedTooLate(seq, record.key));
    return record;
  };

  const read = async (afterSeq: number, limit: number): Promise<readonly LedgerRecord[]> => {
    const records: LedgerRecord[] = [];
    const { seq: last, offset: end } = book.head;
    if (afterSeq >= last || limit <= 0) return records;
    let seq = Math.max(0, afterSeq);
    for await (const lines of readLines(file, book.places.lineOf(seq + 1).offset, end)) {
      for (const { bytes } of lines) {
        seq += 1;
        records.push(recordIn(bytes, seq));
        if (records.length === limit) return records;
      }
    }
    // What is on disk does not go away by itself, and whoever follows would take it for the end.
    if (seq < last) throw damage(seq + 1, 'it is missing or not whole');
    return records;
  };

  const ofStream = async (id: string): Promise<readonly LedgerRecord[]> => {
    const records: LedgerRecord[] = [];
    for (const seq of book.places.streamOf(streamOf(book, id)?.last ?? 0)) {
      const { offset, length } = book.places.lineOf(seq);
      const record = recordIn(await file.read(offset, length), seq);
      if (record.id !== id || record.version !== records.length + 1) {
        throw damage(seq, 'lines were moved');
      }
      records.push(record);
    }
    return records;
  };

  return { read, ofStream };
};
