import { describe, expect, it } from 'vitest';
import type { Identity, Impact, Target } from '../../src/domain/facts.ts';
import { groupsOf, judge, type Policy, type Recent, type Staff } from '../../src/domain/policy.ts';
import { registry } from '../../src/revocations/registry.ts';
import { person } from '../support/stories.ts';
import { policy as standard } from '../support/world.ts';

/** The section "Policy" of the design as one table: every kind, with what its own file says of it. */

const threshold = standard.groupThreshold;
const limit = standard.unapprovedLimit;
const human = (name: string): Identity => ({
  id: `u-${name}`,
  userName: name,
  emails: [`${name}@x.example`],
});

/** What a revocation is aimed at: one user, a group of so many, or everybody in a project. */
type Scope = 'a user' | 'everybody' | { readonly members: number | 'unknown' };

const principal = (type: 'USER' | 'GROUP') => ({ principal_type: type, principal: 'p-1', store: 'd-1' });
const inInstance = (type: 'USER' | 'GROUP') => ({ ...principal(type), instance: 'ins-1' });
const assignment = (type: 'USER' | 'GROUP') => ({
  ...inInstance(type),
  account: 'a-1',
  permission_set: 'ps-1',
});
const project = { project: 'pr-1', region: 'cn-north-4' };

/** "Second approver" of each kind, as the design and the kinds' own pages say it. */
const kinds: readonly {
  readonly kind: string;
  readonly always: boolean;
  readonly aims: readonly (readonly [Target, 'a user' | 'a group' | 'everybody'])[];
}[] = [
  {
    kind: 'account-assignment',
    always: false,
    aims: [
      [assignment('USER'), 'a user'],
      [assignment('GROUP'), 'a group'],
    ],
  },
  {
    kind: 'profile',
    always: true,
    aims: [
      [inInstance('USER'), 'a user'],
      [inInstance('GROUP'), 'a group'],
    ],
  },
  {
    kind: 'modelarts-authorization',
    always: false,
    aims: [[{ ...project, scope: 'user', user: 'p-1' }, 'a user']],
  },
  {
    kind: 'modelarts-authorization',
    always: true,
    aims: [[{ ...project, scope: 'all-users' }, 'everybody']],
  },
  { kind: 'portal-sessions', always: false, aims: [[principal('USER'), 'a user']] },
  { kind: 'user-disable', always: true, aims: [[principal('USER'), 'a user']] },
  { kind: 'group-membership', always: false, aims: [[{ ...principal('USER'), group: 'g-1' }, 'a user']] },
];

const sizes = [0, 1, threshold, threshold + 1, 'unknown'] as const;

const roles = ['nobody', 'a requester', 'an approver', 'protected', 'could not ask', 'nobody knows'] as const;
type Role = (typeof roles)[number];

const histories: readonly (readonly [string, Recent, boolean])[] = [
  ['nothing before', { byRequester: 0, byAll: 0 }, false],
  ['just below both limits', { byRequester: limit - 1, byAll: 2 * limit - 1 }, false],
  ['as many by this requester as are allowed', { byRequester: limit, byAll: limit }, true],
  ['as many by all as are allowed', { byRequester: 0, byAll: 2 * limit }, true],
];

/** A policy, and how many approvals it asks for where one is needed, and one more where somebody is protected. */
const policies: readonly (readonly [string, (kind: string) => Partial<Policy>, number, number])[] = [
  ['as it comes', () => ({}), 1, 2],
  ['APPROVALS_NEEDED=2', () => ({ approvalsNeeded: 2 }), 2, 3],
  ['APPROVALS_NEEDED_<KIND>=3', (kind) => ({ approvalsNeededOf: { [kind]: 3 } }), 3, 4],
  [
    'APPROVALS_NEEDED_<KIND>=1, else 2',
    (kind) => ({ approvalsNeeded: 2, approvalsNeededOf: { [kind]: 1 } }),
    1,
    2,
  ],
  ['for another kind', () => ({ approvalsNeededOf: { other: 3 } }), 1, 2],
  ['APPROVERS=S1+S2', () => ({ approvers: { anyone: [], together: [['S1', 'S2']] } }), 2, 3],
  [
    'APPROVERS_<KIND>=S1+S2+S3',
    (kind) => ({ approversOf: { [kind]: { anyone: [], together: [['S1', 'S2', 'S3']] } } }),
    3,
    4,
  ],
  [
    'APPROVERS_<KIND>=S1,S1+S2',
    (kind) => ({ approversOf: { [kind]: { anyone: ['S1'], together: [['S1', 'S2']] } } }),
    1,
    2,
  ],
];

interface Row {
  readonly kind: string;
  readonly always: boolean;
  readonly target: Target;
  readonly scope: Scope;
  readonly role: Role;
  readonly history: (typeof histories)[number];
  readonly policy: (typeof policies)[number];
  readonly everything: boolean;
}

const rows: readonly Row[] = kinds.flatMap(({ kind, always, aims }) =>
  aims.flatMap(([target, aim]) =>
    (aim === 'a group' ? sizes.map((members) => ({ members })) : [aim]).flatMap((scope) =>
      roles.flatMap((role) =>
        histories.flatMap((history) =>
          policies.flatMap((policy) =>
            [false, true].map((everything) => ({
              kind,
              always,
              target,
              scope,
              role,
              history,
              policy,
              everything,
            })),
          ),
        ),
      ),
    ),
  ),
);

/** Of a group, the last member is the one with the role. */
const peopleOf = ({ scope }: Row): Impact['people'] => {
  if (scope === 'everybody') return [];
  if (scope === 'a user') return [human('special')];
  if (scope.members === 'unknown') return 'unknown';
  return Array.from({ length: scope.members }, (_, n) =>
    human(n + 1 === scope.members ? 'special' : `m${n}`),
  );
};

const impactOf = (row: Row): Impact => ({
  title: 'Revoke',
  lines: [],
  names: ['p-1', 'The name'],
  grants: [{ key: 'k', words: 'one' }],
  residual: [],
  people: peopleOf(row),
});

const staffOf = ({ role }: Row): Staff => {
  const others = [person('UNORA', 'nora@x.example'), person('UADA', 'ada@x.example')];
  switch (role) {
    case 'a requester':
      return [person('UREQ', 'Special@x.example'), ...others];
    case 'an approver':
      return [...others, person('UAPP', 'special@elsewhere.example')];
    case 'could not ask':
      return 'could not ask';
    case 'nobody knows':
      return [...others, person('UQUIET')];
    case 'nobody':
    case 'protected':
      return others;
    default:
      return role satisfies never;
  }
};

/** The design's sentences, one after the other. */
const expected = ({ always, scope, role, history, policy, everything }: Row): number => {
  const [, , tooMany] = history;
  const [, , plain, oneMore] = policy;
  const isGroup = typeof scope === 'object';
  const isKnown = scope === 'a user' || (isGroup && scope.members !== 'unknown' && scope.members > 0);
  const isProtected = role === 'protected' && isKnown;
  const mayBeStaff = role !== 'nobody' && role !== 'protected' && isKnown;
  const isBigGroup = isGroup && (scope.members === 'unknown' || scope.members > threshold);
  if (isProtected) return oneMore;
  return always || isBigGroup || mayBeStaff || tooMany || everything ? plain : 0;
};

const words = ({ kind, scope, role, history, policy, everything }: Row): string =>
  [
    kind,
    typeof scope === 'object' ? `a group of ${scope.members}` : scope,
    role,
    history[0],
    policy[0],
    everything ? 'REQUIRE_APPROVAL=always' : 'risky',
  ].join(' | ');

describe('the policy, by kind, scope, size, history and role', () => {
  it('has a row for each combination, of every kind that there is', () => {
    expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(registry.map(({ name }) => name)));
    expect(rows).toHaveLength(17 * 6 * 4 * 8 * 2);
    expect(new Set(rows.map(expected))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it.each(registry)('asks for as many approvals as the design says: $name', (kind) => {
    const own = rows.filter((row) => row.kind === kind.name);
    const got = own.map((row) => {
      const policy: Policy = {
        ...standard,
        ...row.policy[1](row.kind),
        requireApproval: row.everything ? 'always' : 'risky',
        protectedPrincipals: row.role === 'protected' ? ['special@x.example'] : [],
      };
      const risk = kind.risk(row.target, impactOf(row));
      const { approvals, because } = judge(
        row.kind,
        risk,
        { staff: staffOf(row), recent: row.history[1] },
        policy,
      );
      return `${words(row)}: ${approvals}${(approvals > 0) === (because.length > 0) ? '' : ', without saying why'}`;
    });
    expect(got).toEqual(own.map((row) => `${words(row)}: ${expected(row)}`));
  });

  it.each(registry)(
    'protects the target itself by its id and its name, whatever is behind it: $name',
    (kind) => {
      for (const row of rows.filter(({ kind: name, role }) => name === kind.name && role === 'nobody')) {
        const facts = { staff: staffOf(row), recent: row.history[1] };
        const policy = { ...standard, ...row.policy[1](row.kind) };
        for (const name of ['p-1', 'the name']) {
          const risk = kind.risk(row.target, impactOf(row));
          const verdict = judge(row.kind, risk, facts, { ...policy, protectedPrincipals: [name] });
          expect(`${words(row)}: ${verdict.approvals}`).toBe(`${words(row)}: ${row.policy[3]}`);
        }
      }
    },
  );
});

it('counts people only of groups: one user is never "more than 0 members"', () => {
  const policy = { ...standard, groupThreshold: 0 };
  const facts = { staff: [person('UADA', 'ada@x.example')], recent: { byRequester: 0, byAll: 0 } };
  const risk = { everything: false, principalType: 'USER' as const, names: [], people: [human('mallory')] };
  expect(judge('a kind', risk, facts, policy).approvals).toBe(0);
  expect(judge('a kind', { ...risk, principalType: 'GROUP' }, facts, policy).approvals).toBe(1);
  expect(judge('a kind', risk, { ...facts, staff: [person('UADA')] }, policy).because).toEqual([
    'the e-mail of uada (UADA), who may ask or approve, could not be read, so it may be about them',
  ]);
});

it('watches the user groups that it names, and no single people', () => {
  const policy = {
    ...standard,
    requesters: ['UNORA', 'S1'],
    approvers: { anyone: ['UADA'], together: [['S2', 'S1']] },
    approversOf: { profile: { anyone: ['S3'], together: [] } },
    escalateTo: ['UBOSS', 'S4'],
  };
  expect(groupsOf(policy)).toEqual(['S1', 'S2', 'S3', 'S4']);
});
