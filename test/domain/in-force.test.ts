import { describe, expect, it } from 'vitest';
import type { FactOf } from '../../src/domain/facts.ts';
import { inForceAfter, nothingInForce } from '../../src/domain/in-force.ts';

const group = (changes: Partial<FactOf<'group_changed'>>): FactOf<'group_changed'> => ({
  fact: 'group_changed',
  group: 'S1',
  first: false,
  added: [],
  removed: [],
  ...changes,
});
const members = (...users: readonly string[]) => users.map((user) => ({ user }));

describe('who is in a group', () => {
  const read = inForceAfter(nothingInForce, group({ first: true, added: members('UADA', 'UBEN') }), 1_000);

  it('is there since ever when it was first read', () => {
    expect(read).toEqual({ rosters: { S1: { UADA: 0, UBEN: 0 } } });
  });

  it('is there from the time of the fact when they came later, and the others stay', () => {
    const later = inForceAfter(read, group({ added: members('UCAT'), removed: members('UBEN') }), 2_000);
    expect(later.rosters).toEqual({ S1: { UADA: 0, UCAT: 2_000 } });
  });

  it('begins anew when they come back', () => {
    const gone = inForceAfter(read, group({ removed: members('UADA') }), 2_000);
    const back = inForceAfter(gone, group({ added: members('UADA') }), 3_000);
    expect(back.rosters.S1).toEqual({ UADA: 3_000, UBEN: 0 });
  });

  it('is told group by group', () => {
    const two = inForceAfter(read, group({ group: 'S2', first: true, added: members('UADA') }), 2_000);
    expect(two.rosters).toEqual({ S1: { UADA: 0, UBEN: 0 }, S2: { UADA: 0 } });
  });

  it('of a change in a group of which nothing is known is only what the change says', () => {
    expect(inForceAfter(nothingInForce, group({ added: members('UADA') }), 5).rosters).toEqual({
      S1: { UADA: 5 },
    });
  });
});

describe('the policy in force', () => {
  it('is that of the last change, and the groups stay', () => {
    const rosters = { S1: { UADA: 0 } };
    const changed = inForceAfter(
      { rosters, policy: { digest: 'old', settings: { APPROVERS: 'S1' } } },
      { fact: 'policy_changed', policy: 'new', settings: { APPROVERS: 'S2' }, changes: ['told'] },
      9,
    );
    expect(changed).toEqual({ rosters, policy: { digest: 'new', settings: { APPROVERS: 'S2' } } });
  });

  it('is changed by nothing else', () => {
    const before = { rosters: { S1: { UADA: 7 } } };
    expect(inForceAfter(before, { fact: 'started', version: '1', policy: 'other' }, 9)).toBe(before);
    expect(nothingInForce).toEqual({ rosters: {} });
  });
});
