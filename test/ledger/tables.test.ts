import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOnceTable } from '../../src/ledger/once-table.ts';
import { createPlaces } from '../../src/ledger/places.ts';

/** More than there is room for at first, and more than one mark's lines. */
const many = 3_000;

describe('the table of places', () => {
  const facts = fc.array(fc.record({ length: fc.integer({ min: 1, max: 70_000 }), stream: fc.nat(9) }), {
    minLength: 1,
    maxLength: many,
    size: 'max',
  });

  it('tells where each fact stands and what its stream holds, also after it was stored in parts', () => {
    fc.assert(
      fc.property(facts, fc.nat(many), (all, cut) => {
        const streams = new Map<number, number[]>();
        const lines: { offset: number; length: number }[] = [];
        const places = createPlaces();
        let end = 0;
        for (const [index, { length, stream }] of all.entries()) {
          const before = streams.get(stream) ?? [];
          places.add(length, before.at(-1) ?? 0);
          streams.set(stream, [...before, index + 1]);
          lines.push({ offset: end, length: length - 1 });
          end += length;
        }
        const stored = createPlaces();
        const part = Math.min(cut, all.length);
        stored.decode(places.encode(0, part));
        stored.decode(places.encode(part, all.length));
        for (const table of [places, stored]) {
          expect(table.count()).toBe(all.length);
          expect(lines.map((_, index) => table.lineOf(index + 1))).toEqual(lines);
          for (const seqs of streams.values()) expect(table.streamOf(seqs.at(-1) ?? 0)).toEqual(seqs);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('has places beyond 4 GiB', () => {
    const places = createPlaces();
    for (let seq = 1; seq <= 1_000; seq += 1) places.add(2 ** 25, 0);
    expect(places.lineOf(1_000).offset).toBe(999 * 2 ** 25);
  });

  it('knows no fact of a stream without one', () => {
    expect(createPlaces().streamOf(0)).toEqual([]);
  });
});

describe('the table of each once', () => {
  it('knows those that were added, and no other, also after they were stored in parts', () => {
    const table = createOnceTable();
    const entry = (number: number) => ({ request: number % 7, seq: number + 1 });
    for (let number = 0; number < many; number += 1) table.add(`once ${number}`, entry(number));
    const stored = createOnceTable();
    for (const [from, until] of [
      [0, 1],
      [1, 2_000],
      [2_000, many],
    ] as const) {
      stored.decode(table.encode(from, until));
    }
    for (const one of [table, stored]) {
      expect(one.count()).toBe(many);
      for (let number = 0; number < many; number += 1) {
        expect(one.get(`once ${number}`)).toEqual(entry(number));
        expect(one.get(`never ${number}`)).toBeUndefined();
      }
    }
  });
});
