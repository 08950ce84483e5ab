import { describe, expect, it } from 'vitest';
import { conclude, type StepEnd } from '../../src/domain/conclude.ts';
import { proof } from '../support/stories.ts';

const end = (result: 'gone' | 'present' | 'late', remaining: string[] = [], started = true): StepEnd => ({
  started,
  proof: proof(result, remaining),
});

describe('a request ends', () => {
  const table: readonly [string, readonly StepEnd[], number, string, RegExp][] = [
    ['gone', [end('gone')], 1, 'succeeded', /the grant is gone/],
    ['all gone', [end('gone'), end('gone')], 3, 'succeeded', /all 3 grants are gone/],
    ['gone without a call', [end('gone', [], false)], 1, 'succeeded', /Already gone/],
    ['one of two steps called', [end('gone', [], false), end('gone')], 2, 'succeeded', /Proven/],
    ['nothing to do', [], 2, 'unverified', /Not proven/],
    ['none gone', [end('present', ['a', 'b'])], 2, 'failed', /0 of 2 grants are proven gone, 2 not/],
    ['some gone', [end('present', ['a'])], 2, 'partly_failed', /1 of 2 grants are proven gone, 1 not/],
    ['one step failed', [end('gone'), end('present', ['b'])], 2, 'partly_failed', /1 of 2/],
    ['not proven', [end('late', ['a'])], 1, 'unverified', /Not proven in time/],
    ['one step not proven', [end('gone'), end('late', ['b'])], 2, 'unverified', /1 of 2/],
    ['failed and not proven', [end('present', ['a']), end('late', ['b'])], 2, 'failed', /0 of 2/],
    [
      'the same grant in two steps counts once',
      [end('present', ['a']), end('late', ['a'])],
      2,
      'partly_failed',
      /1 of 2/,
    ],
  ];

  it.each(table)('%s', (_name, ends, approved, state, words) => {
    const fact = conclude(ends, approved);
    expect(fact.fact).toBe(state);
    expect('words' in fact ? fact.words : '').toMatch(words);
  });

  it('as "already gone" only when nothing was called', () => {
    expect(conclude([end('gone', [], false)], 1)).toMatchObject({ alreadyGone: true });
    expect(conclude([end('gone', [], false), end('gone')], 2)).toMatchObject({ alreadyGone: false });
  });

  it('with all reasons, and no more words where there is none', () => {
    const late = (words?: string): StepEnd => ({
      started: true,
      proof: { ...proof('late', ['a']), ...(words !== undefined && { words }) },
    });
    expect(conclude([late('No answer.'), late(), late('Locked.')], 1)).toMatchObject({
      words: 'Not proven in time. 0 of 1 grants are proven gone, 1 not. No answer. Locked.',
    });
    expect(conclude([late()], 1)).toMatchObject({
      words: 'Not proven in time. 0 of 1 grants are proven gone, 1 not.',
    });
  });

  it('with each reason once', () => {
    const late: StepEnd = { started: true, proof: { ...proof('late', ['a']), words: 'No answer.' } };
    expect(conclude([late, late], 1)).toMatchObject({
      words: expect.stringMatching(/^[^.]*\.[^.]*\. No answer\.$/),
    });
  });
});
