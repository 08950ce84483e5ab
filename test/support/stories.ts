import fc from 'fast-check';
import type { Fact, FactOf, LedgerRecord, Person } from '../../src/domain/facts.ts';
import { fold, type Request } from '../../src/domain/request.ts';
import type { State } from '../../src/domain/state.ts';

export const t0 = Date.UTC(2026, 2, 14, 15, 0, 0);

export const person = (user: string, email?: string): Person => ({
  team: 'T1',
  user,
  name: user.toLowerCase(),
  ...(email !== undefined && { email }),
});

export const requested = (changes: Partial<FactOf<'requested'>> = {}): FactOf<'requested'> => ({
  fact: 'requested',
  by: person('UNORA', 'nora@example.com'),
  via: {},
  kind: 'profile',
  target: { principal: 'u-1' },
  impact: {
    title: 'Revoke all',
    lines: [],
    names: [],
    grants: [{ key: 'k1', words: 'one' }],
    residual: [],
    people: [],
  },
  digest: 'd',
  principal: 'USER/u-1',
  affected: { id: 'u-1', userName: 'mallory', emails: ['mallory@example.com'] },
  reason: 'incident',
  approvals: 1,
  because: ['it takes everything there is at once'],
  approveBefore: t0 + 1_800_000,
  channel: 'C1',
  askedIn: 'C1',
  ...changes,
});

export const approved = (by?: Person, changes: Partial<FactOf<'approved'>> = {}): FactOf<'approved'> => ({
  fact: 'approved',
  digest: 'd',
  ...(by ? { by } : { rule: 'no rule asks' }),
  startBefore: t0 + 3_600_000,
  ...changes,
});

export const stepStarted = (attempt = 1): Fact => ({
  fact: 'step_started',
  step: 's',
  attempt,
  words: 'delete',
});
export const stepOutcome = (
  outcome: 'accepted' | 'refused' | 'unknown',
  more: Partial<FactOf<'step_outcome'>> = {},
): FactOf<'step_outcome'> => ({ fact: 'step_outcome', step: 's', outcome, ...more });
export const proof = (result: 'gone' | 'present' | 'late', remaining: string[] = []): FactOf<'proof'> => ({
  fact: 'proof',
  step: 's',
  result,
  remaining,
  since: [],
});
const ada = person('UADA', 'ada@example.com');
export const ends = {
  denied: { fact: 'denied', by: ada, via: {}, reason: 'no' },
  cancelled: { fact: 'cancelled', by: person('UNORA'), via: {} },
  expired: { fact: 'expired', window: 'approval', words: 'late' },
  halted: { fact: 'halted', words: 'grew' },
  succeeded: { fact: 'succeeded', alreadyGone: false, words: 'gone' },
  unverified: { fact: 'unverified', words: 'late' },
  partly_failed: { fact: 'partly_failed', words: 'some' },
  failed: { fact: 'failed', words: 'none' },
} as const satisfies Record<string, Fact>;

/** One stream of facts as the ledger would hold it, one second apart. */
export const asRecords = (facts: readonly Fact[], id = 'R-000001'): readonly LedgerRecord[] =>
  facts.map((fact, i) => ({
    v: 1,
    seq: i + 1,
    at: t0 + i * 1_000,
    id,
    version: i + 1,
    fact,
    key: 'k',
    prev: `h${i}`,
    hash: `h${i + 1}`,
  }));

export const tell = (...facts: readonly Fact[]): Request => {
  const request = fold(asRecords(facts));
  if (request === undefined) throw new Error('No facts, no request');
  return request;
};

/** Facts that lead to each state. */
export const waysTo: Readonly<Record<State, readonly [Fact, ...Fact[]]>> = {
  requested: [requested()],
  approved: [requested(), approved(ada)],
  executing: [requested(), approved(ada), stepStarted()],
  verifying: [requested(), approved(ada), stepStarted(), stepOutcome('accepted')],
  denied: [requested(), ends.denied],
  cancelled: [requested(), ends.cancelled],
  expired: [requested(), ends.expired],
  halted: [requested(), ends.halted],
  succeeded: [requested(), ends.succeeded],
  unverified: [requested(), ends.unverified],
  partly_failed: [requested(), ends.partly_failed],
  failed: [requested(), ends.failed],
};

/** Any fact that may follow in a request. */
export const anyFollowing: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom('UADA', 'UBEN', 'UCAT').map((user) => approved(person(user))),
  fc.constant<Fact>(approved()),
  fc
    .constantFrom('UADA', 'UBEN', 'UCAT')
    .map((user): Fact => ({ fact: 'approval_void', user, words: 'gone' })),
  fc.integer({ min: 1, max: 3 }).map(stepStarted),
  fc.constantFrom('accepted', 'refused', 'unknown').map((outcome) => stepOutcome(outcome)),
  fc.constantFrom('gone', 'present', 'late').map((result) => proof(result)),
  fc.constantFrom<Fact>(...Object.values(ends)),
  fc.constantFrom<Fact>(
    { fact: 'impact_grew', added: [] },
    { fact: 'stayed_gone', after: 900_000 },
    { fact: 'came_back', grants: [{ key: 'k1', words: 'one' }] },
    { fact: 'card_posted', channel: 'C1', ts: '1.2' },
    { fact: 'notified', user: 'UADA', why: 'asked', state: 'requested', channel: 'D1', ts: '1.2' },
    { fact: 'refused', by: person('UZOE'), via: {}, tried: 'approve', code: 'c', words: 'w' },
    { fact: 'refusals_counted', user: 'UZOE', name: 'zoe', tried: 'approve', code: 'c', count: 2 },
  ),
);
