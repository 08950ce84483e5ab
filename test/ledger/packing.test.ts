import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/domain/state.ts';
import { createPacking, unpack } from '../../src/ledger/packing.ts';
import type { RequestStream } from '../../src/ledger/requests.ts';

const few = fc.constantFrom('', 'mallory', 'mallory@example.com', 'm@example.com', 'trent');
const time = fc.oneof(
  fc.nat(),
  fc.integer({ min: 0, max: 2 ** 52 }),
  fc.constantFrom(2 ** 30, 2 ** 31, 2 ** 32),
);
const record = <T>(fields: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(fields, { noNullPrototype: true });
const progress: fc.Arbitrary<Progress> = record({
  state: fc.constantFrom('denied', 'cancelled', 'expired', 'succeeded', 'failed', 'partly_failed', 'halted'),
  needed: fc.nat({ max: 2 }),
  given: fc.array(record({ user: few, seats: fc.array(few, { maxLength: 2 }) }), { maxLength: 2 }),
  byRule: fc.boolean(),
});
const always = record({
  id: fc.constantFrom('R-000001', 'R-000002'),
  progress,
  kind: few,
  title: fc.string(),
  principal: few,
  requester: few,
  requesterName: few,
  requestedAt: time,
  affected: fc.array(few, { maxLength: 3 }),
});
const incident = fc.oneof(fc.constant({}), record({ incident: few }));
const proven = fc.oneof(
  fc.constant({}),
  record({ proven: record({ at: time, read: time, back: fc.boolean() }) }),
);
const request: fc.Arbitrary<RequestStream> = record({
  summary: fc.tuple(always, incident, proven).map(([some, ...more]) => Object.assign({ ...some }, ...more)),
  version: fc.nat(),
  last: fc.nat(),
});

describe('a packed request', () => {
  it('is unpacked as it was, whichever others were packed before and after it', () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 8 }), (requests) => {
        const pack = createPacking();
        const packed = requests.map((one) => ({ id: one.summary.id, packed: pack(one) }));
        expect(packed.map((one) => unpack(one.id, one.packed))).toStrictEqual(requests);
      }),
    );
  });

  it('shares its end and whom it is about with those that have the same', () => {
    fc.assert(
      fc.property(request, (one) => {
        const pack = createPacking();
        const [first, second] = [pack(one), pack(structuredClone(one))];
        expect(second.progress).toBe(first.progress);
        expect(second.affected).toBe(first.affected);
      }),
    );
  });
});
