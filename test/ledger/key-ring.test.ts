import { expect, it } from 'vitest';
import { createKeyRing } from '../../src/ledger/key-ring.ts';

it('seals with the current key, and verifies with it', () => {
  const keys = createKeyRing('new', ['old']);
  expect(keys.seal('a ', 'line')).toBe(keys.mac(keys.current, 'a line'));
  expect(keys.seal('a line')).not.toBe(createKeyRing('old', []).seal('a line'));
});

it('verifies with an old key, and knows no other', () => {
  const old = createKeyRing('old', []);
  const keys = createKeyRing('new', ['old']);
  expect(keys.mac(old.current, 'a line')).toBe(old.seal('a line'));
  expect(keys.mac('00000000', 'a line')).toBeUndefined();
});
