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

/** Where a digest's first number leads to: a row's number from 1, or 0. At least half of the slots are free. */
interface Shard {
  slots: Uint32Array;
  used: number;
}

/** A digest's second number says which it is in. They are many so that none takes long to be made larger. */
const shardCount = 64;
const firstSlots = 64;

export const createOnceTable = (): OnceTable => {
  const rows = createRows(digestWidth + 2);
  const shards = Array.from(
    { length: shardCount },
    (): Shard => ({
      slots: new Uint32Array(firstSlots),
      used: 0,
    }),
  );
  const digest = Buffer.alloc(32);

  const shardOf = (second: number): Shard | undefined => shards[second % shardCount];

  /** The slot with the row that `isIt`, or the free one where it would be. */
  const slotOf = (slots: Uint32Array, first: number, isIt: (row: number) => boolean): number => {
    const mask = slots.length - 1;
    let slot = first & mask;
    for (let at = slots[slot] ?? 0; at !== 0 && !isIt(at - 1); at = slots[slot] ?? 0)
      slot = (slot + 1) & mask;
    return slot;
  };

  const put = (slots: Uint32Array, row: number): void => {
    slots[slotOf(slots, rows.cell(row, 0), () => false)] = row + 1;
  };

  const enter = (row: number): void => {
    const shard = shardOf(rows.cell(row, 1));
    if (shard === undefined) return;
    shard.used += 1;
    if (shard.used * 2 > shard.slots.length) {
      const larger = new Uint32Array(2 * shard.slots.length);
      for (const at of shard.slots) if (at !== 0) put(larger, at - 1);
      shard.slots = larger;
    }
    put(shard.slots, row);
  };

  /** Makes the rows findable that were added behind these. */
  const enterFrom = (known: number): void => {
    for (let row = known; row < rows.count(); row += 1) enter(row);
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
      const slots = shardOf(numbers[1])?.slots;
      if (slots === undefined) return undefined;
      const isIt = (row: number) => numbers.every((number, column) => rows.cell(row, column) === number);
      const row = (slots[slotOf(slots, numbers[0], isIt)] ?? 0) - 1;
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
