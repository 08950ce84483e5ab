import type { LedgerRecord } from '../domain/facts.ts';
import { JournalDamage } from './faults.ts';
import type { OpenFile } from './file-system.ts';
import type { KeyRing } from './key-ring.ts';
import { decodeLine, genesis, restoreRemedy } from './line.ts';

/** A place between two lines: everything before it is known. */
export interface Position {
  /** Sequence number of the line before, which is also its line number. */
  readonly seq: number;
  /** Hash of the line before. */
  readonly hash: string;
  /** Bytes from the beginning of the file. */
  readonly offset: number;
}

export interface PlacedRecord {
  readonly record: LedgerRecord;
  /** First byte of its line, and first byte after its newline. */
  readonly offset: number;
  readonly end: number;
}

/** A record, and the bytes of its line without the newline, as they stand in the journal. */
export interface VerifiedLine extends PlacedRecord {
  readonly bytes: Buffer;
}

/** Where verification came to its end, and what stood there behind the last newline. */
export interface JournalEnd extends Position {
  readonly rest: Buffer;
}

export const beginning: Position = { seq: 0, hash: genesis, offset: 0 };

/** The first chunk is small, because what runs for the first time is many times slower; each next one is twice as large. */
const firstChunk = 4 * 1024;
const largestChunk = 64 * 1024;
const newline = 0x0a;

interface Line {
  readonly bytes: Buffer;
  readonly offset: number;
}

/** The bytes between two offsets; while a chunk is worked on, the disk reads the next one. */
async function* readChunks(
  file: Pick<OpenFile, 'read'>,
  from: number,
  until: number,
): AsyncGenerator<Buffer, void> {
  let size = firstChunk;
  const read = (position: number): Promise<Buffer> => {
    const chunk = file.read(position, Math.min(size, until - position));
    size = Math.min(2 * size, largestChunk);
    // Its fault is for whoever comes to it: nobody does who has stopped before.
    chunk.catch(() => {});
    return chunk;
  };
  let ahead = from < until ? read(from) : undefined;
  for (let position = from; ahead !== undefined; ) {
    const chunk = await ahead;
    if (chunk.length === 0) return;
    position += chunk.length;
    ahead = position < until ? read(position) : undefined;
    yield chunk;
  }
}

/** The lines between two offsets, chunk by chunk; returns the bytes behind the last newline. */
export async function* readLines(
  file: Pick<OpenFile, 'read'>,
  from: number,
  until: number,
): AsyncGenerator<readonly Line[], Buffer> {
  let parts: Buffer[] = [];
  let start = from;
  for await (const chunk of readChunks(file, from, until)) {
    const lines: Line[] = [];
    let taken = 0;
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, taken)) {
      const end = chunk.subarray(taken, at);
      const bytes = parts.length === 0 ? end : Buffer.concat([...parts, end]);
      lines.push({ bytes, offset: start });
      start += bytes.length + 1;
      taken = at + 1;
      parts = [];
    }
    parts.push(chunk.subarray(taken));
    if (lines.length > 0) yield lines;
  }
  return Buffer.concat(parts);
}

const keyRemedy =
  'If AUDIT_KEY was set back to an earlier one, give it its newest value or a new one, and all others to AUDIT_KEYS_OLD; otherwise somebody with an earlier key wrote this line';

/** For a line that an old key has sealed where only the current one may. */
export const sealedTooLate = (seq: number, key: string): JournalDamage =>
  new JournalDamage(
    seq,
    `it was written with the audit key ${key} of AUDIT_KEYS_OLD, after AUDIT_KEY was in use`,
    `${keyRemedy}. ${restoreRemedy}`,
  );

/**
 * Reads the journal from `from` up to byte `until`, in chunks, and verifies each line and its place in the
 * chain. What stands behind the last newline is returned, not judged: a crash may have left it.
 * Old keys hold only up to the first line of the current one: what comes later is nothing that they may seal.
 * @param from the beginning or a checkpoint, which the current key has sealed, so that it seals all that follows
 * @throws {JournalDamage} at the first line that is not what was written, after the lines before it
 */
export async function* verifyJournal(
  file: Pick<OpenFile, 'read'>,
  keys: KeyRing,
  from: Position,
  until: number,
): AsyncGenerator<readonly VerifiedLine[], JournalEnd> {
  let { seq, hash, offset } = from;
  let currentOnly = seq > 0;

  const verify = ({ bytes, offset: start }: Line): VerifiedLine => {
    const decoded = decodeLine(bytes, keys);
    if (!decoded.ok) throw new JournalDamage(seq + 1, decoded.wrong, decoded.remedy);
    const { record } = decoded;
    if (record.seq !== seq + 1 || record.prev !== hash) {
      const words = `it is record ${record.seq} and does not follow the line before: lines were moved, removed or added`;
      throw new JournalDamage(seq + 1, words, restoreRemedy);
    }
    const isCurrent = record.key === keys.current;
    if (currentOnly && !isCurrent) throw sealedTooLate(seq + 1, record.key);
    currentOnly = isCurrent;
    ({ seq, hash } = record);
    offset = start + bytes.length + 1;
    return { record, bytes, offset: start, end: offset };
  };

  const chunks = readLines(file, from.offset, until);
  let next = await chunks.next();
  for (; next.done !== true; next = await chunks.next()) {
    const verified: VerifiedLine[] = [];
    try {
      for (const line of next.value) verified.push(verify(line));
    } finally {
      yield verified;
    }
  }
  return { seq, hash, offset, rest: next.value };
}
