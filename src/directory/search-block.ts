import type { Choice } from '../domain/ports.ts';
import type { Candidate } from './candidate.ts';

/** A match. The lower the rank, the better. */
export interface Match {
  readonly choice: Choice;
  readonly rank: number;
}

/** Some rows, searched in one go. */
export interface SearchBlock {
  readonly choices: readonly Choice[];
  /** Those that have the text as a whole key, ranked by the place of that key. */
  withKey(asked: string): Generator<Match>;
  /** Those that have the text in them, or each of its words; ranked by {@link fits}. */
  matching(asked: string): Generator<Match>;
}

/** How well something fits that has the text in it. */
export const fits = { beginningOfKey: 0, beginningOfWord: 1, part: 2, allWords: 3 } as const;

const wordEnds: ReadonlySet<string> = new Set([' ', '.', '@', '_', '-']);

/** @param text the keys of one row */
const rankOf = (text: string, asked: string, words: readonly string[]): number | undefined => {
  let rank: number | undefined;
  for (let at = text.indexOf(asked); at !== -1; at = text.indexOf(asked, at + 1)) {
    const before = text.charAt(at - 1);
    if (before === '\n') return fits.beginningOfKey;
    rank = wordEnds.has(before) ? fits.beginningOfWord : (rank ?? fits.part);
  }
  if (rank !== undefined || words.length === 1) return rank;
  return words.every((word) => text.includes(word)) ? fits.allWords : undefined;
};

/**
 * All keys of all rows stand in one text, because one pass over it is some hundred times faster than asking each
 * row: a line break stands before and after each key, and in no key.
 */
export const createSearchBlock = (rows: readonly Candidate[]): SearchBlock => {
  const texts = rows.map(({ keys }) => `\n${keys.join('\n')}\n`);
  const hay = texts.join('');
  const starts = new Uint32Array(texts.length + 1);
  for (const [row, text] of texts.entries()) starts[row + 1] = (starts[row] ?? 0) + text.length;
  const startOf = (row: number): number => starts[row] ?? hay.length;
  const choices = rows.map(({ choice }) => choice);

  /** @param from a row that does not stand after the one looked for */
  const rowAt = (position: number, from: number): number => {
    let low = from;
    let high = choices.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  };

  /** Each row in which the text stands; what stands in it before, and all of it. */
  function* rowsWith(text: string) {
    let row = 0;
    for (let at = hay.indexOf(text); at !== -1; at = hay.indexOf(text, startOf(row + 1))) {
      row = rowAt(at, row);
      const choice = choices[row];
      if (choice === undefined) return;
      yield { choice, before: hay.slice(startOf(row), at), whole: hay.slice(startOf(row), startOf(row + 1)) };
    }
  }

  return {
    choices,
    *withKey(asked) {
      for (const { choice, before } of rowsWith(`\n${asked}\n`))
        yield { choice, rank: before.split('\n').length };
    },
    *matching(asked) {
      const words = asked.split(' ');
      const longest = words.reduce((one, other) => (other.length > one.length ? other : one));
      for (const { choice, whole } of rowsWith(longest)) {
        const rank = rankOf(whole, asked, words);
        if (rank !== undefined) yield { choice, rank };
      }
    },
  };
};
