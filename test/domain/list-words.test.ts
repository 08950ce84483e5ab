import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listWords } from '../../src/domain/list-words.ts';

it.each([
  [[], ''],
  [['Bob'], 'Bob'],
  [['Bob', 'Carol'], 'Bob and Carol'],
  [['Bob', 'Carol', 'Dave'], 'Bob, Carol and Dave'],
] as const)('%j in words is "%s"', (items, words) => {
  expect(listWords(items, 'and')).toBe(words);
});

it.each([
  ['and', 'conjunction'],
  ['or', 'disjunction'],
] as const)('lists with "%s" as British English does, without a comma before the last word', (word, type) => {
  const format = new Intl.ListFormat('en-GB', { type });
  fc.assert(
    fc.property(fc.array(fc.string()), (items) => {
      expect(listWords(items, word)).toBe(format.format(items));
    }),
  );
});
