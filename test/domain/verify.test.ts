import { describe, expect, it } from 'vitest';
import type { Look } from '../../src/domain/kind.ts';
import { CloudFault } from '../../src/domain/ports.ts';
import type { StepState } from '../../src/domain/request.ts';
import { judgeReading, type Reading, type Watch } from '../../src/domain/verify.ts';
import { stepOutcome, t0 } from '../support/stories.ts';

const listed = { remaining: ['k1'], since: [] };
const look = (state: Look): Reading => ({ look: state });
const gone = look({ state: 'gone', remaining: [], since: [] });
const pending = look({ state: 'pending', ...listed });
const present = look({ state: 'present', surely: false, ...listed });
const surely = look({ state: 'present', surely: true, ...listed });
const failed = look({ state: 'failed', reason: 'the principal has gone', ...listed });
const unreadable: Reading = { fault: new CloudFault('too-late', 'no answer', { retryable: true }) };
const forbidden: Reading = {
  fault: new CloudFault('refused', 'not allowed', { status: 403, retryable: false }),
};
const nonsense: Reading = {
  fault: new CloudFault('unexpected-answer', 'what is this', { retryable: false }),
};
/** What is said of a listing that repeats its pages: read in another hour, it may be good again. */
const unbelievable: Reading = {
  fault: new CloudFault('unexpected-answer', 'it does not end', { retryable: true }),
};

const step = (
  outcome: 'accepted' | 'refused' | 'unknown',
  more: { again?: boolean; attempts?: number; authFailures?: number } = {},
): StepState => ({
  attempts: more.attempts ?? 1,
  startedAt: t0,
  outcome: {
    ...stepOutcome(outcome, {
      message: 'It said no.',
      ...(more.again !== undefined && { again: more.again }),
    }),
    at: t0,
  },
  authFailures: more.authFailures ?? 0,
});
const early = { elapsed: 1_000, window: 300_000, quiet: 1 };
const over = { elapsed: 300_000, window: 300_000, quiet: 1 };
const quiet = { ...early, quiet: 30 };

const accepted = step('accepted');
const unknown = step('unknown');
const refused = step('refused', { again: false });
const again = step('refused', { again: true });

/** Outcome, reading, time; what follows. */
const table: readonly [string, StepState, Reading, Omit<Watch, 'step' | 'reading'>, string][] = [
  ...([accepted, unknown, refused, again] as const).flatMap(
    (state): [string, StepState, Reading, typeof early, string][] => {
      const name = `${state.outcome?.outcome}${state.outcome?.again ? ', again' : ''}`;
      return [
        [`${name}, gone`, state, gone, early, 'gone'],
        [`${name}, gone late`, state, gone, over, 'gone'],
        [`${name}, the deletion failed`, state, failed, early, 'present'],
        [`${name}, a deletion runs`, state, pending, early, 'wait'],
        [`${name}, a deletion runs on and on`, state, pending, over, 'late'],
        [`${name}, unreadable`, state, unreadable, early, 'wait'],
      ];
    },
  ),
  ['accepted, still listed', accepted, present, early, 'wait'],
  ['accepted, surely still listed', accepted, surely, early, 'wait'],
  ['accepted, still listed after 30 reads', accepted, present, quiet, 'wait'],
  ['accepted, still listed at the end', accepted, present, over, 'late'],
  ['accepted, unreadable to the end', accepted, unreadable, over, 'late'],
  ['unknown, listed, nobody knows whether something runs', unknown, present, early, 'wait'],
  ['unknown, listed in 29 reads', unknown, present, { ...early, quiet: 29 }, 'wait'],
  ['unknown, listed in 30 reads', unknown, present, quiet, 'start again'],
  ['unknown, listed and surely nothing runs', unknown, surely, early, 'start again'],
  ['unknown, a deletion runs in 30 reads', unknown, pending, quiet, 'wait'],
  ['unknown, unreadable after 30 quiet reads', unknown, unreadable, quiet, 'wait'],
  ['unknown for the third time', step('unknown', { attempts: 3 }), surely, early, 'present'],
  ['unknown for the second time', step('unknown', { attempts: 2 }), surely, early, 'start again'],
  ['unknown, listed at the end', unknown, present, over, 'late'],
  ['unknown, unreadable to the end', unknown, unreadable, over, 'late'],
  ['refused, still listed', refused, present, early, 'present'],
  ['refused, unreadable to the end: not said to be there', refused, unreadable, over, 'late'],
  ['refused for now, still listed', again, present, early, 'start again'],
  ['refused for now, unreadable to the end', again, unreadable, over, 'wait'],
  ['refused for now, reading is refused', again, forbidden, early, 'wait'],
  ['refused for now, reading is refused to the end', again, forbidden, over, 'late'],
  ['refused for now, nonsense is read', again, nonsense, early, 'wait'],
  ['refused for now, nonsense is read to the end', again, nonsense, over, 'late'],
  ['refused for now, no listing can be believed', again, unbelievable, early, 'wait'],
  ['refused for now, no listing can be believed to the end', again, unbelievable, over, 'late'],
  [
    'refused for now, for the 20th time',
    step('refused', { again: true, attempts: 20 }),
    present,
    early,
    'present',
  ],
  ['the key refused twice', step('refused', { again: true, authFailures: 2 }), present, over, 'start again'],
  [
    'the key refused three times',
    step('refused', { again: true, authFailures: 3 }),
    present,
    over,
    'present',
  ],
  [
    'the key refused three times, reads too',
    step('refused', { again: true, authFailures: 3 }),
    unreadable,
    early,
    'present',
  ],
];

describe('what one reading decides', () => {
  it.each(table)('%s', (_name, state, reading, time, course) => {
    const decided = judgeReading({ step: state, reading, ...time });
    expect(decided.do === 'record' ? decided.result : decided.do).toBe(course);
  });

  it.each(table.filter(([, , reading]) => reading !== gone))(
    '%s: never called gone',
    (_name, state, reading, time) => {
      const decided = judgeReading({ step: state, reading, ...time });
      expect(decided).not.toMatchObject({ result: 'gone' });
    },
  );

  it('says why it failed', () => {
    const words = (state: StepState, reading: Reading, time = early) => {
      const decided = judgeReading({ step: state, reading, ...time });
      return decided.do === 'record' ? decided.words : undefined;
    };
    expect(words(accepted, failed)).toContain('the principal has gone');
    expect(words(refused, present)).toBe('It said no.');
    expect(words(refused, unreadable, over)).toBe('It said no. The cloud could not be read back: no answer');
    expect(words(refused, pending, over)).not.toContain('accepted');
    expect(words(accepted, present, over)).toBe('The cloud accepted it, but the access is still listed.');
    for (const reading of [present, pending])
      expect(words(unknown, reading, over)).toBe(
        'Whether the cloud accepted it is unknown, and the access is still listed.',
      );
    expect(words(step('unknown', { attempts: 3 }), surely)).toContain('3 times');
  });

  it('takes a step without outcome for unknown', () => {
    const { outcome: _outcome, ...open } = unknown;
    expect(judgeReading({ step: open, reading: surely, ...early })).toEqual({ do: 'start again' });
  });
});
