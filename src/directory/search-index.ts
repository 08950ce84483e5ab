import { nextTurn } from '../domain/next-turn.ts';
import type { Choice, Choices } from '../domain/ports.ts';
import { byName, type Candidate } from './candidate.ts';
import { fold } from './fold.ts';
import { createSearchBlock, fits, type Match, type SearchBlock } from './search-block.ts';
import { inSlices, merged, type Pause } from './slices.ts';

/** Candidates that were read, ready to be searched. Never changes. */
export interface SearchIndex {
  readonly size: number;
  /** The best matches, at most `limit`, then alphabetically; with an empty text the first ones of the alphabet. */
  find(text: string, limit: number): Promise<Choices>;
  /** Everything that the text names, whole: by id first, by name last. */
  named(text: string): Promise<readonly Choice[]>;
  byId(id: string): Choice | undefined;
}

/** Choices by their rank, at most `most` of each: they come in alphabetical order, so later ones cannot win. */
const createRanks = (most: number) => {
  const ranks: Choice[][] = [];
  return {
    add({ choice, rank }: Match) {
      const choices = ranks[rank] ?? [];
      ranks[rank] = choices;
      if (choices.length < most) choices.push(choice);
    },
    count: (rank: number): number => ranks[rank]?.length ?? 0,
    // `flat` takes tens of milliseconds for a hundred thousand.
    inOrder: (): readonly Choice[] => ranks.reduce((all, next) => all.concat(next), []),
  };
};

/** @param blocks in alphabetical order */
const searchIndexOf = (blocks: readonly SearchBlock[], pause: Pause): SearchIndex => {
  const inTurn = async function* () {
    for (const [turn, block] of blocks.entries()) {
      if (turn > 0) await pause();
      yield block;
    }
  };

  function* everyChoice() {
    for (const { choices } of blocks) yield* choices;
  }

  const first = (limit: number): readonly Choice[] => {
    const choices: Choice[] = [];
    for (const choice of everyChoice()) {
      if (choices.length >= limit) break;
      choices.push(choice);
    }
    return choices;
  };

  const wholes = async (asked: string, most: number) => {
    const found = new Set<Choice>();
    const ranks = createRanks(most);
    for await (const block of inTurn()) {
      for (const match of block.withKey(asked)) {
        found.add(match.choice);
        ranks.add(match);
      }
    }
    return { found, choices: ranks.inOrder() };
  };

  const size = blocks.reduce((sum, { choices }) => sum + choices.length, 0);
  let byId: ReadonlyMap<string, Choice> | undefined;
  return {
    size,
    async find(text, limit) {
      const asked = fold(text);
      if (asked === '') return { choices: first(limit), more: size > limit };
      const whole = await wholes(asked, limit + 1);
      const ranks = createRanks(limit + 1);
      for await (const block of inTurn()) {
        for (const match of block.matching(asked)) if (!whole.found.has(match.choice)) ranks.add(match);
        if (whole.choices.length + ranks.count(fits.beginningOfKey) > limit) break;
      }
      const choices = whole.choices.concat(ranks.inOrder());
      return { choices: choices.slice(0, limit), more: choices.length > limit };
    },
    async named(text) {
      const asked = fold(text);
      return asked === '' ? [] : (await wholes(asked, Number.POSITIVE_INFINITY)).choices;
    },
    byId(id) {
      byId ??= new Map(Array.from(everyChoice(), (choice) => [choice.id, choice]));
      return byId.get(id);
    },
  };
};

export const emptyIndex = searchIndexOf([], nextTurn);

/** Makes an index, slice by slice, because tens of thousands at once would hold up everything else. */
export const createSearchIndex = async (
  candidates: Iterable<Candidate>,
  pause = nextTurn,
): Promise<SearchIndex> => {
  const sorted: (readonly Candidate[])[] = [];
  for await (const slice of inSlices(candidates, pause)) sorted.push(slice.toSorted(byName));
  const blocks: SearchBlock[] = [];
  for await (const slice of inSlices(merged(sorted, byName), pause)) blocks.push(createSearchBlock(slice));
  return searchIndexOf(blocks, pause);
};
