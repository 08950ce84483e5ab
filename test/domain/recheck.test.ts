import { describe, expect, it } from 'vitest';
import { nextRecheck, recheckFact, recheckHorizon } from '../../src/domain/recheck.ts';
import { ends, requested, t0, tell, waysTo } from '../support/stories.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const times = [15 * minute, day];

describe('the next re-check', () => {
  const table: readonly [string, number, boolean, readonly number[], number | undefined][] = [
    ['after the success is the first', 0, false, times, 15 * minute],
    ['after the first is the second', 15 * minute, false, times, day],
    ['after a first that was late is still the second', 3 * 60 * minute, false, times, day],
    ['after one that stood for both is none', 2 * day, false, times, undefined],
    ['after the last is none', day, false, times, undefined],
    ['of what came back is none', 15 * minute, true, times, undefined],
    ['where none are made is none', 0, false, [], undefined],
  ];

  it.each(table)('%s', (_name, read, back, after, next) => {
    const due = nextRecheck({ at: t0, read: t0 + read, back }, after);
    expect(due).toBe(next === undefined ? undefined : t0 + next);
  });

  it('may still be made a week late, and is not looked for any more then', () => {
    expect(recheckHorizon(times)).toBe(8 * day);
  });
});

describe('a reading after the success', () => {
  const impact = {
    ...requested().impact,
    grants: [
      { key: 'k1', words: 'one' },
      { key: 'k2', words: 'two' },
    ],
  };
  const grew = { fact: 'impact_grew', added: [{ key: 'k3', words: 'three' }] } as const;
  const request = tell(requested({ impact }), grew, ends.succeeded);

  it('says how long it stayed gone', () => {
    const succeededAt = request.end?.at ?? 0;
    expect(recheckFact(request, [], succeededAt + 900_000)).toEqual({ fact: 'stayed_gone', after: 900_000 });
  });

  it('names the approved grants that are listed again by the words that people were shown', () => {
    expect(recheckFact(request, ['k3', 'k1', 'unknown'], t0)).toEqual({
      fact: 'came_back',
      grants: [
        { key: 'k1', words: 'one' },
        { key: 'k3', words: 'three' },
      ],
    });
  });

  it('leaves the state as it is', () => {
    const back = tell(...waysTo.succeeded, { fact: 'came_back', grants: [] });
    expect(back.progress.state).toBe('succeeded');
    expect(back.end?.fact.fact).toBe('succeeded');
    expect(back.rechecked).toMatchObject({ at: t0 + 2_000 });
  });
});
