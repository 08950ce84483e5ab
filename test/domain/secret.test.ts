import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';

const words = 'the-words-nobody-may-see';
const secret = new Secret(words);

it('is given to whoever asks for it by name', () => {
  expect(secret.reveal()).toBe(words);
});

it.each<[string, (kept: Secret) => string]>([
  ['as text', (kept) => String(kept)],
  ['joined with others', (kept) => [kept].join()],
  ['as JSON', (kept) => JSON.stringify(kept)],
  ['as JSON, deep inside', (kept) => JSON.stringify({ slack: { tokens: [kept] } })],
  ['inspected', (kept) => inspect(kept)],
  ['inspected with all that is hidden', (kept) => inspect({ kept }, { showHidden: true, depth: 9 })],
])('shows that it is hidden, and nothing else of it, %s', (_, show) => {
  expect(show(secret)).toContain('[secret]');
  expect(show(secret)).not.toContain(words);
});

it('has nothing that could be listed or copied', () => {
  expect(Object.keys(secret)).toEqual([]);
  expect(Object.entries(Object.getOwnPropertyDescriptors(secret))).toEqual([]);
});

it('is never empty', () => {
  expect(() => new Secret('')).toThrow(/^A secret must not be empty\.$/);
});
