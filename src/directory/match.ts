import type { Choice, Choices } from '../domain/ports.ts';

/** Something that can be chosen, with everything it answers to, folded; the surest first. */
export interface Candidate {
  readonly choice: Choice;
  readonly keys: readonly string[];
}

/** Letters that Unicode does not take apart into a base letter and a mark. */
const letters: Readonly<Record<string, string>> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
};

/** Text as it is compared: without case, accents, widths and repeated blanks. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[øłđðıßæœþ]/g, (letter) => letters[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();

/** @param names what it answers to: id, e-mails, user name, name, in this order */
export const candidate = (choice: Choice, names: readonly string[]): Candidate => ({
  choice,
  keys: names.map(fold),
});

/**
 * How well a folded text names something; lower is better, undefined not at all. Each whole key by its place,
 * then the beginning of a key, the beginning of a word, any part, and all words in any order.
 */
const rankOf = (keys: readonly string[], text: string): number | undefined => {
  const whole = keys.indexOf(text);
  if (whole !== -1) return whole;
  const worse = keys.length;
  if (keys.some((key) => key.startsWith(text))) return worse;
  if (keys.some((key) => key.split(/[ .@_-]/).some((word) => word.startsWith(text)))) return worse + 1;
  if (keys.some((key) => key.includes(text))) return worse + 2;
  const all = text.split(' ').every((word) => keys.some((key) => key.includes(word)));
  return all ? worse + 3 : undefined;
};

const alphabet = new Intl.Collator('en');

const inOrder = (one: Candidate, other: Candidate): number =>
  alphabet.compare(one.choice.words, other.choice.words) || (one.choice.id < other.choice.id ? -1 : 1);

/** What matches, best first, then alphabetically. */
export const ranked = (candidates: readonly Candidate[], text: string): readonly Candidate[] => {
  const asked = fold(text);
  if (asked === '') return candidates.toSorted(inOrder);
  return candidates
    .flatMap((match) => {
      const rank = rankOf(match.keys, asked);
      return rank === undefined ? [] : [{ match, rank }];
    })
    .toSorted((one, other) => one.rank - other.rank || inOrder(one.match, other.match))
    .map(({ match }) => match);
};

/** The best matches, at most `limit`; with an empty text the first ones of the alphabet. */
export const best = (candidates: readonly Candidate[], text: string, limit: number): Choices => {
  const matches = ranked(candidates, text);
  return { choices: matches.slice(0, limit).map(({ choice }) => choice), more: matches.length > limit };
};

/** Whether the text names it, whole. */
export const isNamed = (match: Candidate, text: string): boolean => {
  const asked = fold(text);
  return asked !== '' && match.keys.includes(asked);
};
