import { expect, it } from 'vitest';
import { earliest } from '../../src/domain/earliest.ts';

it.each([
  ['none', [], Number.POSITIVE_INFINITY],
  ['some', [3, 1, 2], 1],
  ['more than a call takes arguments', Array.from({ length: 500_000 }, (_, n) => 500_000 - n), 1],
])('finds the earliest of %s', (_what, times, found) => {
  expect(earliest(times)).toBe(found);
});
