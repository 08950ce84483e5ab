import type { Choice, Choices } from '../domain/ports.ts';
import { fold } from './fold.ts';

/** Something that can be chosen, with everything it answers to, folded; the surest first, the name last. */
export interface Candidate {
  readonly choice: Choice;
  readonly keys: readonly string[];
}

/** @param names what it answers to: id, e-mails, user name, name, in this order */
export const candidate = (choice: Choice, names: readonly string[]): Candidate => ({
  choice,
  keys: names.map(fold),
});

/** Candidates that were read, ready to be searched. Never changes. */
export interface SearchIndex {
  readonly size: number;
  /** The best matches, at most `limit`, then alphabetically; with an empty text the first ones of the alphabet. */
  find(text: string, limit: number): Choices;
  /** Everything that the text names, whole: by id first, by name last. */
  named(text: string): readonly Choice[];
  byId(id: string): Choice | undefined;
}

/** How well something fits that has the text in it, but not as a whole key; lower is better. */
const fits = { beginningOfKey: 0, beginningOfWord: 1, part: 2, allWords: 3 } as const;

const wordEnds: ReadonlySet<string> = new Set([' ', '.', '@', '_', '-']);

/** @param text the keys of one row, a line break before and after each */
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

/** Rows by their rank, at most `most` of each: rows come in alphabetical order, so later ones cannot win. */
const createRanks = (most: number) => {
  const ranks: number[][] = [];
  return {
    add(rank: number, row: number) {
      const rows = ranks[rank] ?? [];
      ranks[rank] = rows;
      if (rows.length < most) rows.push(row);
    },
    count: (rank: number): number => ranks[rank]?.length ?? 0,
    inOrder: (): readonly number[] => ranks.flat(),
  };
};

/**
 * All keys of all rows stand in one text, because one pass over it is some hundred times faster than asking each
 * row: a line break stands before and after each key, and in no key.
 */
export const createSearchIndex = (candidates: Iterable<Candidate>): SearchIndex => {
  const sorted = Array.from(candidates, ({ choice, keys }) => ({
    choice,
    order: `${keys.at(-1) ?? ''}\n${choice.id}`,
    text: `\n${keys.join('\n')}\n`,
  })).sort((one, other) => (one.order < other.order ? -1 : 1));
  const choices = sorted.map(({ choice }) => choice);
  const hay = sorted.map(({ text }) => text).join('');
  const starts = new Uint32Array(sorted.length + 1);
  for (const [row, { text }] of sorted.entries()) starts[row + 1] = (starts[row] ?? 0) + text.length;
  const startOf = (row: number): number => starts[row] ?? hay.length;

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

  /** Each row in which the text stands, with the first place of it. */
  function* rowsWith(text: string): Generator<{ readonly row: number; readonly at: number }> {
    let row = 0;
    for (let at = hay.indexOf(text); at !== -1; at = hay.indexOf(text, startOf(row + 1))) {
      row = rowAt(at, row);
      yield { row, at };
    }
  }

  /** Rows that have the text as a whole key, by the place of that key. */
  const wholes = (asked: string, most: number) => {
    const found = new Set<number>();
    const ranks = createRanks(most);
    for (const { row, at } of rowsWith(`\n${asked}\n`)) {
      found.add(row);
      const place = hay.slice(startOf(row), at).split('\n').length;
      ranks.add(place, row);
    }
    return { found, rows: ranks.inOrder() };
  };

  const pick = (rows: readonly number[]): Choice[] => rows.flatMap((row) => choices[row] ?? []);

  let byId: ReadonlyMap<string, Choice> | undefined;
  return {
    size: choices.length,
    find(text, limit) {
      const asked = fold(text);
      if (asked === '') return { choices: choices.slice(0, limit), more: choices.length > limit };
      const whole = wholes(asked, limit + 1);
      const ranks = createRanks(limit + 1);
      const words = asked.split(' ');
      const longest = words.reduce((one, other) => (other.length > one.length ? other : one));
      for (const { row } of rowsWith(longest)) {
        if (whole.found.has(row)) continue;
        const rank = rankOf(hay.slice(startOf(row), startOf(row + 1)), asked, words);
        if (rank !== undefined) ranks.add(rank, row);
        if (whole.rows.length + ranks.count(fits.beginningOfKey) > limit) break;
      }
      const rows = [...whole.rows, ...ranks.inOrder()];
      return { choices: pick(rows.slice(0, limit)), more: rows.length > limit };
    },
    named(text) {
      const asked = fold(text);
      return asked === '' ? [] : pick(wholes(asked, Number.POSITIVE_INFINITY).rows);
    },
    byId(id) {
      byId ??= new Map(choices.map((choice) => [choice.id, choice]));
      return byId.get(id);
    },
  };
};
