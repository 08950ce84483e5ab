import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ApproverRule,
  isFulfilled,
  isUserGroup,
  leastPeople,
  namedIn,
  namesMissing,
  type Seated,
  unfilled,
  waysLeft,
} from '../../src/domain/approvers.ts';

const someNames = ['S1', 'S2', 'S3', 'UADA', 'UBEN'] as const;
const names = fc.uniqueArray(fc.constantFrom(...someNames), { minLength: 1, maxLength: 4 });
const rule: fc.Arbitrary<ApproverRule> = fc
  .record({
    anyone: fc.uniqueArray(fc.constantFrom(...someNames), { maxLength: 3 }),
    together: fc.array(fc.uniqueArray(fc.constantFrom(...someNames), { minLength: 2, maxLength: 3 }), {
      maxLength: 2,
    }),
  })
  .filter(({ anyone, together }) => anyone.length + together.length > 0);
const people: fc.Arbitrary<readonly Seated[]> = fc.uniqueArray(
  fc.record({
    user: fc.constantFrom('A', 'B', 'C', 'D', 'E'),
    seats: fc.uniqueArray(fc.constantFrom(...someNames), { maxLength: 4 }),
  }),
  { selector: ({ user }) => user, maxLength: 5 },
);
const needed = fc.integer({ min: 1, max: 3 });

/** The most names that can be given a different person each, by trying every way. */
const mostSeated = ([name, ...others]: readonly string[], some: readonly Seated[]): number => {
  if (name === undefined) return 0;
  const without = mostSeated(others, some);
  const withOne = some
    .filter(({ seats }) => seats.includes(name))
    .map(
      (one) =>
        1 +
        mostSeated(
          others,
          some.filter((other) => other !== one),
        ),
    );
  return Math.max(without, ...withOne);
};

/** How many of them stand for any of the names. */
const standing = (among: readonly string[], some: readonly Seated[]): number =>
  some.filter(({ seats }) => seats.some((seat) => among.includes(seat))).length;

const isEnough = ({ anyone, together }: ApproverRule, count: number, some: readonly Seated[]): boolean =>
  (anyone.length > 0 && standing(anyone, some) >= count) ||
  together.some((all) => mostSeated(all, some) === all.length && standing(all, some) >= count);

const who = (user: string, ...seats: readonly string[]): Seated => ({ user, seats });
const both: ApproverRule = { anyone: [], together: [['S1', 'S2']] };

describe('one different person for each name', () => {
  it('leaves as few names over as any way of seating people does', () => {
    fc.assert(
      fc.property(names, people, (wanted, some) => {
        const left = unfilled(wanted, some);
        expect(left).toHaveLength(wanted.length - mostSeated(wanted, some));
        const filled = wanted.filter((name) => !left.includes(name));
        expect(mostSeated(filled, some)).toBe(filled.length);
      }),
    );
  });

  it('moves somebody who is in both to the other, when only they can take it', () => {
    expect(unfilled(['S1', 'S2'], [who('A', 'S1', 'S2'), who('B', 'S1')])).toEqual([]);
    expect(
      unfilled(['S1', 'S2', 'S3'], [who('A', 'S1', 'S2'), who('B', 'S1', 'S3'), who('C', 'S1')]),
    ).toEqual([]);
  });

  it('never counts one person for two', () => {
    expect(unfilled(['S1', 'S2'], [who('A', 'S1', 'S2')])).toEqual(['S2']);
    expect(isFulfilled(both, 1, [who('A', 'S1', 'S2')])).toBe(false);
    expect(isFulfilled(both, 1, [who('A', 'S1', 'S2'), who('B', 'S2')])).toBe(true);
  });
});

describe('a rule', () => {
  it('is fulfilled exactly when trying every way finds one', () => {
    fc.assert(
      fc.property(rule, needed, people, (one, count, some) => {
        expect(isFulfilled(one, count, some)).toBe(isEnough(one, count, some));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never fulfilled less by one approver more, in whatever order they came', () => {
    fc.assert(
      fc.property(rule, needed, people, fc.nat(), (one, count, some, turn) => {
        const at = some.length === 0 ? 0 : turn % some.length;
        const turned = [...some.slice(at), ...some.slice(0, at)];
        expect(isFulfilled(one, count, turned)).toBe(isFulfilled(one, count, some));
        const withOneLess = isFulfilled(one, count, some.slice(1));
        expect(withOneLess && !isFulfilled(one, count, some)).toBe(false);
      }),
    );
  });

  it('names the people who are missing: with so many more, of the right names, it is fulfilled, with fewer not', () => {
    fc.assert(
      fc.property(rule, needed, people, (one, count, some) => {
        const [way] = waysLeft(one, count, some);
        expect(way).toBeDefined();
        if (way === undefined) return;
        expect(way.people >= way.seats.length).toBe(true);
        const helpers = Array.from({ length: way.people }, (_, n) =>
          who(`new${n}`, way.seats[n] ?? way.among[0] ?? ''),
        );
        expect(isFulfilled(one, count, [...some, ...helpers])).toBe(true);
        const all = namedIn(one);
        const tooFew = helpers.slice(1).map(({ user }) => who(user, ...all));
        expect(isFulfilled(one, count, [...some, ...tooFew])).toBe(helpers.length === 0);
      }),
    );
  });

  it('needs at the least as many people as it takes when everybody may stand for everything', () => {
    fc.assert(
      fc.property(rule, needed, (one, count) => {
        const least = leastPeople(one, count);
        const many = (n: number) => Array.from({ length: n }, (_, i) => who(`P${i}`, ...namedIn(one)));
        expect(isFulfilled(one, count, many(least))).toBe(true);
        expect(isFulfilled(one, count, many(least - 1))).toBe(false);
      }),
    );
  });
});

describe('the ways that are left', () => {
  const either: ApproverRule = {
    anyone: ['UBEN'],
    together: [
      ['S1', 'S2'],
      ['S3', 'S2', 'S1'],
    ],
  };

  it('come the shortest first, each with what it still wants', () => {
    expect(waysLeft(either, 1, [])).toEqual([
      { people: 1, seats: [], among: ['UBEN'] },
      { people: 2, seats: ['S1', 'S2'], among: ['S1', 'S2'] },
      { people: 3, seats: ['S3', 'S2', 'S1'], among: ['S3', 'S2', 'S1'] },
    ]);
    expect(waysLeft(either, 1, [who('A', 'S1'), who('B', 'S2')])[0]).toEqual({
      people: 0,
      seats: [],
      among: ['S1', 'S2'],
    });
  });

  it('want people besides the groups where more approvals are needed', () => {
    expect(waysLeft(both, 3, [who('A', 'S1'), who('B', 'S1')])).toEqual([
      { people: 1, seats: ['S2'], among: ['S1', 'S2'] },
    ]);
    expect(waysLeft(both, 4, [who('A', 'S1')])).toEqual([{ people: 3, seats: ['S2'], among: ['S1', 'S2'] }]);
  });

  it('count nobody who stands for somebody else', () => {
    expect(waysLeft({ anyone: ['S1'], together: [] }, 1, [who('A', 'S9')])).toEqual([
      { people: 1, seats: [], among: ['S1'] },
    ]);
  });

  it('are none where nobody is named alone', () => {
    expect(waysLeft(both, 1, []).map(({ among }) => among)).toEqual([['S1', 'S2']]);
  });
});

it('names each id once', () => {
  expect(
    namedIn({
      anyone: ['S1', 'UADA'],
      together: [
        ['S1', 'S2'],
        ['S2', 'UADA'],
      ],
    }),
  ).toEqual(['S1', 'UADA', 'S2']);
});

it('asks for so many people at the least', () => {
  expect(leastPeople(both, 1)).toBe(2);
  expect(leastPeople(both, 3)).toBe(3);
  expect(leastPeople({ ...both, anyone: ['S3'] }, 1)).toBe(1);
  expect(leastPeople({ anyone: [], together: [] }, 2)).toBe(2);
});

it('tells a user group from a person by its id', () => {
  expect(['S1', 'SAPP', 'UADA', 'WADA'].map(isUserGroup)).toEqual([true, true, false, false]);
});

describe('the names of which somebody may still bring a request on', () => {
  it.each<[string, ApproverRule, number, readonly Seated[], readonly string[]]>([
    ['are all at first', both, 2, [], ['S1', 'S2']],
    ['are those that nobody stands for yet', both, 2, [who('A', 'S1')], ['S2']],
    [
      'are all for whom one who stands for several may make room',
      both,
      2,
      [who('A', 'S1', 'S2')],
      ['S1', 'S2'],
    ],
    ['are all where more people are needed than names', both, 3, [who('A', 'S1')], ['S1', 'S2']],
    ['are those of each way', { ...both, anyone: ['S3'] }, 2, [who('A', 'S1')], ['S3', 'S2']],
    ['are none once the right ones have approved', both, 2, [who('A', 'S1'), who('B', 'S2')], []],
  ])('%s', (_, rule, needed, people, missing) => {
    expect(namesMissing(rule, needed, people)).toEqual(missing);
  });
});
