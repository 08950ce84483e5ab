import { hash } from 'node:crypto';
import { createRows, type Table } from './rows.ts';

/** The append that a `once` belongs to: the request's number, 0 for the stream `bot`, and the last fact's. */
interface OnceEntry {
  readonly request: number;
  readonly seq: number;
}

/**
 * Every `once` that there was. Of its text 128 bits of a SHA-256 are kept, which no two texts share by chance, because
 * the texts of a large ledger would take a third of its memory.
 */
export interface OnceTable extends Table {
  get(once: string): OnceEntry | undefined;
  add(once: string, entry: OnceEntry): void;
}

const digestWidth = 4;
const [request, seq] = [digestWidth, digestWidth + 1];
const firstSlots = 1_024;

export const createOnceTable = (): OnceTable => {
  const rows = createRows(digestWidth + 2);
  /** Where a digest's first number leads to: a row's number from 1, or 0. At least half of them are free. */
  let slots = new Uint32Array(firstSlots);
  const digest = Buffer.alloc(32);

  /** The slot with the row that `isIt`, or the free one where it would be. */
  const slotOf = (first: number, isIt: (row: number) => boolean): number => {
    const mask = slots.length - 1;
    let slot = first & mask;
    for (let at = slots[slot] ?? 0; at !== 0 && !isIt(at - 1); at = slots[slot] ?? 0)
      slot = (slot + 1) & mask;
    return slot;
  };

  const enter = (row: number): void => {
    slots[slotOf(rows.cell(row, 0), () => false)] = row + 1;
  };

  /** Makes the rows findable that were added behind these. */
  const enterFrom = (known: number): void => {
    const isTooSmall = rows.count() * 2 > slots.length;
    while (rows.count() * 2 > slots.length) slots = new Uint32Array(slots.length * 2);
    for (let row = isTooSmall ? 0 : known; row < rows.count(); row += 1) enter(row);
  };

  const digestOf = (once: string): readonly [number, number, number, number] => {
    digest.write(hash('sha256', once, 'binary'), 'binary');
    return [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12)];
  };

  return {
    count: rows.count,
    encode: rows.encode,
    get: (once) => {
      const numbers = digestOf(once);
      const isIt = (row: number) => numbers.every((number, column) => rows.cell(row, column) === number);
      const row = (slots[slotOf(numbers[0], isIt)] ?? 0) - 1;
      return row < 0 ? undefined : { request: rows.cell(row, request), seq: rows.cell(row, seq) };
    },
    add: (once, entry) => {
      const known = rows.count();
      rows.add(...digestOf(once), entry.request, entry.seq);
      enterFrom(known);
    },
    decode: (text) => {
      const known = rows.count();
      rows.decode(text);
      enterFrom(known);
    },
  };
};
