import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hmacWith } from '../../src/domain/hmac.ts';

const parts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 200 })));
/** Shorter than a block of the hash, just as long, and longer. */
const key = fc
  .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 62, max: 66 }))
  .chain((length) => fc.string({ unit: 'grapheme', minLength: length, maxLength: length }));

it('is what Node calls HMAC-SHA256, whatever the key and the parts, also the second time', () => {
  fc.assert(
    fc.property(key, parts, parts, (secret, ...texts) => {
      const hmac = hmacWith(secret);
      for (const text of texts) {
        const expected = createHmac('sha256', secret);
        for (const part of text) expected.update(part);
        expect(hmac(...text)).toBe(expected.digest('hex'));
      }
    }),
  );
});
