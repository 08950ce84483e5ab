import type { Fact, FactOf } from '../../src/domain/facts.ts';

const nora = { team: 'T1', user: 'U1', name: 'Nora', email: 'nora@example.com' };

export const requested = (changes: Partial<FactOf<'requested'>> = {}): FactOf<'requested'> => ({
  fact: 'requested',
  by: nora,
  via: { viewId: 'V1' },
  kind: 'account-assignment',
  target: { principal: 'p-1' },
  impact: { title: 'Admin of Mallory', lines: [], names: [], grants: [], residual: [], people: [] },
  digest: 'd',
  principal: 'p-1',
  reason: 'incident',
  approvals: 1,
  because: [],
  approveBefore: 9,
  channel: 'C1',
  askedIn: 'C1',
  ...changes,
});

export const approved: Fact = { fact: 'approved', digest: 'd', by: nora, startBefore: 9 };
export const denied: Fact = { fact: 'denied', by: nora, via: {}, reason: 'no' };
export const anchor: Fact = { fact: 'anchor', words: 'here' };
export const succeeded: Fact = { fact: 'succeeded', alreadyGone: false, words: 'gone' };
export const stayedGone: Fact = { fact: 'stayed_gone', after: 1 };
export const unverified: Fact = { fact: 'unverified', words: 'late' };
