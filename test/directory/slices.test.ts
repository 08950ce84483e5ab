import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, candidate } from '../../src/directory/candidate.ts';
import { createSearchIndex } from '../../src/directory/search-index.ts';
import { merged, sliceSize } from '../../src/directory/slices.ts';

/** Counts what is done in one go: everything between two pauses. */
const createTurns = () => {
  let done = 0;
  const turns: number[] = [];
  return {
    turns,
    work: () => {
      done += 1;
    },
    pause: async () => {
      turns.push(done);
      done = 0;
    },
  };
};

const slices = 4;
const size = slices * sliceSize;
/** Numbers that say nothing of the order in which they come. */
const shuffled = (index: number): string => String((index * 7_919) % size).padStart(6, '0');

function* candidates(work: () => void): Generator<Candidate> {
  for (let index = 0; index < size; index += 1) {
    work();
    const id = shuffled(index);
    yield candidate({ id, words: id }, [id, `user ${id}`]);
  }
}

describe('an index of many', () => {
  it('is made slice by slice, with a turn for everything else after each', async () => {
    const { turns, work, pause } = createTurns();
    await createSearchIndex(candidates(work), pause);
    // Once for taking them in, once for putting them in order; the last slice of each needs no pause after it.
    expect(turns.length).toBe(2 * (slices - 1));
    expect(Math.max(...turns)).toBeLessThanOrEqual(sliceSize + 1);
  });

  it.each([
    ['by a text that nobody has', 'nobody', 2 * (slices - 1)],
    ['by a text that more have than are asked for', 'user', slices - 1],
    ['for the first ones of the alphabet', '', 0],
  ])('is searched %s with a turn for everything else on the way', async (_how, text, expected) => {
    const { turns, pause } = createTurns();
    const index = await createSearchIndex(
      candidates(() => {}),
      pause,
    );
    turns.length = 0;
    await index.find(text, 100);
    expect(turns.length).toBe(expected);
  });

  it('has them in one alphabetical order, whichever slice they came in', async () => {
    const index = await createSearchIndex(candidates(() => {}));
    const { choices } = await index.find('user', size);
    expect(choices.map(({ id }) => Number(id))).toEqual(Array.from({ length: size }, (_, number) => number));
  });
});

describe('merging', () => {
  it('gives what sorting all of them gives', () => {
    const compare = (one: number, other: number) => one - other;
    const lists = fc.array(fc.array(fc.integer({ min: 0, max: 20 })).map((list) => list.toSorted(compare)));
    fc.assert(
      fc.property(lists, (sorted) => {
        expect([...merged(sorted, compare)]).toEqual(sorted.flat().toSorted(compare));
      }),
    );
  });
});
