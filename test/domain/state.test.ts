import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '../../src/domain/facts.ts';
import { evolve, fold, stateOf } from '../../src/domain/request.ts';
import { isFinal, isOpen, State } from '../../src/domain/state.ts';
import { isWork, type Summary, summarise } from '../../src/domain/summary.ts';
import {
  anyFollowing,
  approved,
  asRecords,
  ends,
  person,
  proof,
  requested,
  stepOutcome,
  stepStarted,
  t0,
  tell,
  waysTo,
} from '../support/stories.ts';

const ada = person('UADA');
const ben = person('UBEN');
const voided = (user: string): Fact => ({ fact: 'approval_void', user, words: 'left' });

describe('each fact leads to its state', () => {
  const table: readonly [string, readonly [Fact, ...Fact[]], State][] = [
    ['a request waits', [requested()], 'requested'],
    ['the one approval that it needs', [requested(), approved(ada)], 'approved'],
    ['one of two approvals', [requested({ approvals: 2 }), approved(ada)], 'requested'],
    ['both approvals', [requested({ approvals: 2 }), approved(ada), approved(ben)], 'approved'],
    ['by rule', [requested({ approvals: 0 }), approved()], 'approved'],
    ['no approval is needed, and no rule has spoken yet', [requested({ approvals: 0 })], 'requested'],
    ['an approval became void', [requested(), approved(ada), voided('UADA')], 'requested'],
    ['another one\u2019s approval became void', [requested(), approved(ada), voided('UBEN')], 'approved'],
    [
      'one of two became void',
      [requested({ approvals: 2 }), approved(ada), approved(ben), voided('UADA')],
      'requested',
    ],
    ['a call is on its way', waysTo.executing, 'executing'],
    ['it was accepted', waysTo.verifying, 'verifying'],
    ['its answer was lost', [...waysTo.executing, stepOutcome('unknown')], 'verifying'],
    ['it was refused', [...waysTo.executing, stepOutcome('refused')], 'executing'],
    ['it was started again', [...waysTo.verifying, stepStarted(2)], 'executing'],
    ['a proof alone ends nothing', [...waysTo.verifying, proof('gone')], 'verifying'],
    ['growth alone ends nothing', [...waysTo.approved, { fact: 'impact_grew', added: [] }], 'approved'],
    ['proven later', [...waysTo.unverified, ends.succeeded], 'succeeded'],
    ...Object.entries(ends).map(([state, end]): [string, [Fact, Fact], State] => [
      state,
      [requested(), end],
      State.parse(state),
    ]),
  ];

  it.each(table)('%s', (_name, facts, state) => {
    expect(stateOf(tell(...facts))).toBe(state);
  });

  it.each(['requested', 'started', 'stopped', 'anchor', 'recovered', 'cursor'])(
    'throws for "%s" inside a request',
    (word) => {
      const facts: Record<string, Fact> = {
        requested: requested(),
        started: { fact: 'started', version: '1', policy: 'p' },
        stopped: { fact: 'stopped', words: '' },
        anchor: { fact: 'anchor', words: '' },
        recovered: { fact: 'recovered', words: '' },
        cursor: { fact: 'cursor', name: 'audit', at: 1 },
      };
      const fact = facts[word] ?? requested();
      expect(() => tell(requested(), fact)).toThrow(word);
      expect(() => tell(requested(), ends.denied, fact)).toThrow(word);
    },
  );

  it('throws when a request does not begin with "requested"', () => {
    expect(() => tell(approved(ada))).toThrow('instead of "requested"');
    expect(() => asRecords([approved(ada)]).reduce<Summary | undefined>(summarise, undefined)).toThrow(
      'does not begin',
    );
    expect(fold([])).toBeUndefined();
  });
});

describe('the fold remembers', () => {
  it('the last start of a step, without the outcome and the proof of the one before', () => {
    const request = tell(
      ...waysTo.executing,
      stepOutcome('refused', { status: 401 }),
      stepStarted(2),
      stepOutcome('refused', { status: 401 }),
      stepStarted(3),
    );
    expect(request.steps.get('s')).toEqual({ attempts: 3, startedAt: t0 + 6_000, authFailures: 2 });
    expect(request.version).toBe(7);
  });

  it('approvals that count, each with its digest and time', () => {
    const request = tell(requested({ approvals: 2 }), approved(ada), approved(ben), voided('UADA'));
    expect(request.approvals).toEqual([{ at: t0 + 2_000, by: ben, seats: [], digest: 'd' }]);
    expect(request.progress.given).toEqual([{ user: 'UBEN', seats: [] }]);
  });

  it('the fact that ended it, and no later one', () => {
    const request = tell(requested(), ends.denied, ends.succeeded, stepStarted(), ends.cancelled);
    expect(request.end).toEqual({ fact: ends.denied, at: t0 + 1_000 });
    expect(request.steps.size).toBe(1);
  });

  it('the later proof of what could not be verified', () => {
    expect(tell(...waysTo.unverified, ends.failed, ends.succeeded).end?.fact).toEqual(ends.succeeded);
  });
});

describe('whatever facts follow', () => {
  const story = fc.array(anyFollowing, { maxLength: 12 });

  it('a final state is never left, and unverified only for succeeded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), story, (approvals, facts) => {
        let before: State = 'requested';
        let request = tell(requested({ approvals }));
        for (const record of asRecords([requested(), ...facts]).slice(1)) {
          request = evolve(request, record);
          const state = stateOf(request);
          const allowed = (): readonly State[] => {
            if (isFinal(before)) return [before];
            return before === 'unverified' ? ['unverified', 'succeeded'] : State.options;
          };
          expect(allowed()).toContain(state);
          expect(request.end === undefined).toBe(isOpen(state));
          before = state;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('the summary and the fold agree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), story, (approvals, facts) => {
        const records = asRecords([requested({ approvals, incident: 'INC-1' }), ...facts]);
        const request = fold(records);
        const summary = records.reduce<Summary | undefined>(summarise, undefined);
        expect(summary?.progress).toEqual(request?.progress);
        const succeeded = request?.end?.fact.fact === 'succeeded';
        expect(summary?.proven?.at).toBe(succeeded ? request?.end?.at : undefined);
        expect(summary && isWork(summary)).toBe(request && isOpen(stateOf(request)));
        expect(summary).toMatchObject({
          id: request?.id,
          requester: 'UNORA',
          requestedAt: request?.askedAt,
          incident: 'INC-1',
          affected: ['mallory', 'mallory@example.com'],
        });
      }),
    );
  });
});

it('says of every state whether it is final and whether there is work', () => {
  expect(State.options.filter(isFinal)).toEqual([
    'denied',
    'cancelled',
    'expired',
    'succeeded',
    'failed',
    'partly_failed',
    'halted',
  ]);
  expect(State.options.filter(isOpen)).toEqual(['requested', 'approved', 'executing', 'verifying']);
});
