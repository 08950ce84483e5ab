import { describe, expect, it } from 'vitest';
import type { Identity } from '../../src/domain/facts.ts';
import type { Risk } from '../../src/domain/kind.ts';
import { judge, type Policy, type Recent, type Staff } from '../../src/domain/policy.ts';
import { person } from '../support/stories.ts';
import { policy as standard } from '../support/world.ts';

const human = (n: number): Identity => ({ id: `u-${n}`, userName: `user${n}`, emails: [`u${n}@x.example`] });
const humans = (count: number): readonly Identity[] => Array.from({ length: count }, (_, n) => human(n));
const vip: Identity = { id: 'u-vip', userName: 'Vip', emails: ['boss@x.example'] };

type Case = {
  readonly kind: 'assignment' | 'profile' | 'modelarts user' | 'modelarts all';
  readonly group: false | 0 | 1 | 5 | 6 | 'unknown';
  readonly staff: 'elsewhere' | 'inside' | 'no e-mail' | 'could not ask';
  readonly guarded: 'no' | 'itself' | 'a member';
  readonly recent: Recent;
  readonly always: boolean;
  readonly needed: number;
};

const riskOf = ({ kind, group, guarded }: Case): Risk => {
  const members = guarded === 'a member' ? [vip] : [human(0)];
  const peopleOf = (): Risk['people'] => {
    if (kind === 'modelarts all' || group === 0) return [];
    if (group === 'unknown') return 'unknown';
    return [...humans(group === false ? 1 : group).slice(members.length), ...members];
  };
  const people = peopleOf();
  return {
    everything: kind === 'profile' || kind === 'modelarts all',
    principalType: kind === 'modelarts all' ? 'EVERYBODY' : group === false ? 'USER' : 'GROUP',
    names: guarded === 'itself' ? ['g-1', 'The VIPs'] : ['g-1', 'The group'],
    people,
  };
};

const staffOf = ({ staff }: Case): Staff => {
  switch (staff) {
    case 'elsewhere':
      return [person('UADA', 'ada@example.com')];
    case 'inside':
      return [
        person('UADA', 'ada@example.com'),
        person('UBEN', 'U0@x.example'),
        person('UCAT', 'boss@x.example'),
      ];
    case 'no e-mail':
      return [person('UADA')];
    case 'could not ask':
      return 'could not ask';
    default:
      return staff satisfies never;
  }
};

/** What the design says, in other words than the code: the number of approvals for each combination. */
const expected = ({ kind, group, staff, guarded, recent, always }: Case, policy: Policy): number => {
  const everybody = kind === 'modelarts all';
  const named =
    guarded === 'itself' || (guarded === 'a member' && !everybody && group !== 'unknown' && group !== 0);
  const someone = !everybody && group !== 'unknown' && group !== 0;
  const needs =
    always ||
    named ||
    kind === 'profile' ||
    everybody ||
    group === 'unknown' ||
    group === 6 ||
    (someone && staff !== 'elsewhere') ||
    recent.byRequester >= policy.unapprovedLimit ||
    recent.byAll >= 2 * policy.unapprovedLimit;
  if (!needs) return 0;
  return policy.approvalsNeeded + (named ? 1 : 0);
};

const policy: Policy = { ...standard, protectedPrincipals: ['u-vip', 'the vips'] };
const recents: readonly Recent[] = [
  { byRequester: 0, byAll: 0 },
  { byRequester: 2, byAll: 5 },
  { byRequester: 3, byAll: 3 },
  { byRequester: 0, byAll: 6 },
];

const cases: readonly Case[] = (
  ['assignment', 'profile', 'modelarts user', 'modelarts all'] as const
).flatMap((kind) =>
  (kind.startsWith('modelarts') ? ([false] as const) : ([false, 0, 1, 5, 6, 'unknown'] as const)).flatMap(
    (group) =>
      (['elsewhere', 'inside', 'no e-mail', 'could not ask'] as const).flatMap((staff) =>
        (['no', 'itself', 'a member'] as const).flatMap((guarded) =>
          recents.flatMap((recent) =>
            [false, true].map((always): Case => {
              const row = { kind, group, staff, guarded, recent, always, needed: 0 };
              return { ...row, needed: expected(row, policy) };
            }),
          ),
        ),
      ),
  ),
);

describe('approvals needed', () => {
  it('has a row for every combination', () => {
    expect(cases).toHaveLength(14 * 4 * 3 * 4 * 2);
    expect(new Set(cases.map((row) => row.needed))).toEqual(new Set([0, 1, 2]));
  });

  it.each(['assignment', 'profile', 'modelarts user', 'modelarts all'])(
    'of every combination of %s',
    (kind) => {
      const rows = cases.filter((row) => row.kind === kind);
      const got = rows.map((row) => ({
        ...row,
        needed: judge(
          'a kind',
          riskOf(row),
          { staff: staffOf(row), recent: row.recent },
          { ...policy, requireApproval: row.always ? 'always' : 'risky' },
        ).approvals,
      }));
      expect(got).toEqual(rows);
    },
  );

  const plain: Risk = { everything: false, principalType: 'USER', names: ['u-0'], people: [human(0)] };
  const calm = { staff: [person('UADA', 'ada@example.com')], recent: { byRequester: 0, byAll: 0 } };

  /** The rules one by one, as a person would read them: so that the combinations above cannot all be wrong alike. */
  const rules: readonly [
    name: string,
    Risk,
    typeof calm | { staff: Staff; recent: Recent },
    Partial<Policy>,
    number,
    RegExp,
  ][] = [
    ['nothing special', plain, calm, {}, 0, /^$/],
    ['everything at once', { ...plain, everything: true }, calm, {}, 1, /everything/],
    ['always', plain, calm, { requireApproval: 'always' }, 1, /every revocation/],
    ['a group at the threshold', { ...plain, principalType: 'GROUP', people: humans(5) }, calm, {}, 0, /^$/],
    [
      'a group above the threshold',
      { ...plain, principalType: 'GROUP', people: humans(6) },
      calm,
      {},
      1,
      /6 members/,
    ],
    [
      'a group that cannot be counted',
      { ...plain, principalType: 'GROUP', people: 'unknown' },
      calm,
      {},
      1,
      /counted/,
    ],
    ['a protected id', plain, calm, { protectedPrincipals: ['u-0'] }, 2, /protected/],
    [
      'a protected display name',
      { ...plain, people: [{ ...human(0), displayName: 'Bob Lindqvist' }] },
      calm,
      { protectedPrincipals: ['bob lindqvist'] },
      2,
      /protected/,
    ],
    [
      'a protected name with accents that are written apart',
      { ...plain, names: ['Se\u0301curite\u0301'] },
      calm,
      { protectedPrincipals: ['s\u00e9curit\u00e9'] },
      2,
      /protected/,
    ],
    [
      'a protected name in capitals with an accent of their own',
      { ...plain, names: ['MA\u0399\u0308\u0301'] },
      calm,
      { protectedPrincipals: ['ma\u0390'] },
      2,
      /protected/,
    ],
    ['a protected e-mail', plain, calm, { protectedPrincipals: ['u0@x.example'] }, 2, /protected/],
    [
      'a protected name in other case',
      { ...plain, names: ['VIPs'] },
      calm,
      { protectedPrincipals: ['vips'] },
      2,
      /VIPs/,
    ],
    ['a requester or approver', plain, { ...calm, staff: [person('UBEN', 'U0@X.example')] }, {}, 1, /UBEN/],
    [
      'staff that Slack does not tell',
      plain,
      { ...calm, staff: 'could not ask' },
      {},
      1,
      /could not be asked/,
    ],
    ['three by rule before', plain, { ...calm, recent: { byRequester: 3, byAll: 3 } }, {}, 1, /limit 3/],
    ['two by rule before', plain, { ...calm, recent: { byRequester: 2, byAll: 2 } }, {}, 0, /^$/],
    [
      'six by rule for the whole bot',
      plain,
      { ...calm, recent: { byRequester: 0, byAll: 6 } },
      {},
      1,
      /limit 6/,
    ],
    [
      'two approvers, and one more when protected',
      plain,
      calm,
      { approvalsNeeded: 2, protectedPrincipals: ['u-0'] },
      3,
      /more/,
    ],
    [
      'one from each of two groups, and one more when protected',
      plain,
      calm,
      { approvers: { anyone: [], together: [['S1', 'S2']] }, protectedPrincipals: ['u-0'] },
      3,
      /more/,
    ],
  ];

  it.each(rules)('%s', (_name, risk, facts, changes, approvals, because) => {
    const verdict = judge('a kind', risk, facts, { ...standard, ...changes });
    expect(verdict.approvals).toBe(approvals);
    expect(verdict.because.join('; ')).toMatch(because);
  });
});
