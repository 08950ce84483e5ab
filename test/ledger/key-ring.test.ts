import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createKeyRing } from '../../src/ledger/key-ring.ts';

const parts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 200 })));
/** Shorter than a block of the hash, just as long, and longer. */
const key = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 62, max: 66 }))
  .chain((length) => fc.string({ unit: 'grapheme-ascii', minLength: length, maxLength: length }));

it('seals with HMAC-SHA256, whatever the key and the parts', () => {
  fc.assert(
    fc.property(key, parts, (auditKey, sealed) => {
      const hmac = createHmac('sha256', auditKey);
      for (const part of sealed) hmac.update(part);
      const expected = hmac.digest('hex');
      const keys = createKeyRing(auditKey, ['another']);
      expect(keys.seal(...sealed)).toBe(expected);
      expect(keys.mac(keys.current, ...sealed)).toBe(expected);
    }),
  );
});

it('verifies with an old key, and knows no other', () => {
  const old = createKeyRing('old', []);
  const keys = createKeyRing('new', ['old']);
  expect(keys.mac(old.current, 'a line')).toBe(old.seal('a line'));
  expect(keys.mac('00000000', 'a line')).toBeUndefined();
});
