import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/domain/digest.ts';
import { wideGrants } from '../../src/sandbox/cloud/large-seed.ts';
import type { FaultAct } from '../../src/sandbox/cloud/switches.ts';
import { type StoreBench, startStoreBench } from './store-bench.ts';

const mallory = ({ user }: StoreBench) => ({
  principal_type: 'USER',
  principal: user('mallory.finch').user_id,
});
const dataScience = ({ group }: StoreBench) => ({
  principal_type: 'GROUP',
  principal: group('data-science').group_id,
});
const onDataLake = ({ account, set }: StoreBench) => ({
  account: account('data-lake').id,
  permission_set: set('DataScientist').permission_set_id,
});

/** Each kind about mallory.finch, by its name. */
const kinds: readonly (readonly [string, (bench: StoreBench) => Record<string, string>])[] = [
  ['account-assignment', (bench) => ({ ...mallory(bench), ...onDataLake(bench) })],
  ['profile', mallory],
  ['portal-sessions', mallory],
  ['user-disable', mallory],
  ['group-membership', (bench) => ({ ...mallory(bench), group: bench.group('data-science').group_id })],
];

const breaks = ({ local }: StoreBench, operations: readonly string[], act: FaultAct, times = 100): void => {
  local.switches.faults.push({
    match: ({ operation }) => operation !== undefined && operations.includes(operation),
    times,
    act,
  });
};

describe('one assignment', () => {
  it('of a user leaves the same through a group, other assignments, portal and console sessions', async () => {
    const bench = await startStoreBench('account-assignment');
    bench.local.organisation.assignments.push({
      principal_type: 'USER',
      principal_id: bench.user('mallory.finch').user_id,
      account_id: bench.account('data-lake').id,
      permission_set_id: bench.set('BillingViewer').permission_set_id,
    });
    const { impact } = await bench.prepare({ ...mallory(bench), ...onDataLake(bench) });
    expect(impact.residual).toEqual([
      'Warning: the group data-science still grants exactly the same: /revoke-membership mallory.finch data-science',
      `Other permission sets on data-lake (${bench.account('data-lake').id}) stay (BillingViewer): /revoke-assignment mallory.finch`,
      'Elsewhere stay 4 grants on 2 accounts: /revoke-profile mallory.finch',
      '2 portal sessions are live until 2026-11-22 17:00 UTC: /revoke-sessions mallory.finch',
      'Console sessions that are open live on: the last one ends at the latest 10 h after the revocation.',
    ]);
    expect(impact.grants.map(({ words }) => words)).toEqual([
      `DataScientist on data-lake (${bench.account('data-lake').id})`,
    ]);
  });

  it('of a group tells how many people lose it, and what members keep', async () => {
    const bench = await startStoreBench('account-assignment');
    const { group_id } = bench.group('data-science');
    const members = bench.local.organisation.memberships.filter((row) => row.group_id === group_id).length;
    const { impact } = await bench.prepare({ ...dataScience(bench), ...onDataLake(bench) });
    expect(impact.lines.at(-1)).toBe(`${members} people lose this access: the group has ${members} members`);
    expect(impact.residual).toEqual([
      expect.stringMatching(/^Members keep what they have themselves or through other groups/),
      'Elsewhere stay 2 grants on 2 accounts.',
      expect.stringContaining('10 h after the revocation'),
    ]);
  });

  it('names five groups that grant the same, and counts the others', async () => {
    const bench = await startStoreBench('account-assignment');
    const { groups, memberships, assignments } = bench.local.organisation;
    const { user_id } = bench.user('mallory.finch');
    const { account: account_id, permission_set: permission_set_id } = onDataLake(bench);
    for (let index = 0; index < 6; index += 1) {
      const group_id = `group-${index}`;
      groups.push({ group_id, display_name: `Team ${index}`, description: '', created_at: 0 });
      memberships.push({ membership_id: `membership-${index}`, group_id, user_id });
      assignments.push({ principal_type: 'GROUP', principal_id: group_id, account_id, permission_set_id });
    }
    const { residual } = (await bench.prepare({ ...mallory(bench), ...onDataLake(bench) })).impact;
    const warnings = residual.filter((words) => words.startsWith('Warning'));
    expect(warnings).toHaveLength(5 + 1);
    expect(warnings.at(-1)).toBe('Warning: 2 more groups grant exactly the same.');
    // A name of two words is no name in a command.
    expect(warnings.find((words) => words.includes('Team 0'))).toMatch(/finch group-0$/);
  });
});

describe('a whole profile', () => {
  it('leaves what groups grant, portal sessions, the sign-in, and console sessions', async () => {
    const bench = await startStoreBench('profile');
    const { impact } = await bench.prepare(mallory(bench));
    expect(impact.lines.at(-1)).toBe('5 grants on 3 accounts');
    expect([...impact.residual].sort()).toEqual([
      '2 grants stay through the group night-shift: /revoke-membership mallory.finch night-shift',
      '2 portal sessions are live until 2026-11-22 17:00 UTC: /revoke-sessions mallory.finch',
      '3 grants stay through the group data-science: /revoke-membership mallory.finch data-science',
      'Console sessions that are open live on: the last one ends at the latest 12 h after the revocation.',
      'Group memberships stay, and the user can still sign in: /disable-user mallory.finch',
    ]);
  });

  it('says that there is no such user or group, although the cloud refuses to list their grants', async () => {
    const bench = await startStoreBench('profile');
    for (const type of ['USER', 'GROUP']) {
      const target = await bench.aim({ principal_type: type, principal: 'nobody' });
      expect(await bench.kind.impact(target, bench.cloud, bench.directory)).toMatchObject({
        result: 'no-such',
      });
    }
  });

  it('does not offer to disable a user who is disabled', async () => {
    const bench = await startStoreBench('profile');
    bench.user('mallory.finch').enabled = false;
    expect((await bench.prepare(mallory(bench))).impact.residual.join()).not.toContain('/disable-user');
  });

  it('says nothing of portal sessions where nobody is signed in, and of one its end', async () => {
    const bench = await startStoreBench('profile');
    const { sessions } = bench.local.organisation;
    const said = async () =>
      (await bench.prepare(mallory(bench))).impact.residual.filter((words) => words.includes('portal'));
    sessions.splice(1, 1);
    expect(await said()).toEqual([
      '1 portal session is live until 2026-11-22 17:00 UTC: /revoke-sessions mallory.finch',
    ]);
    sessions.length = 0;
    expect(await said()).toEqual([]);
  });

  it('says that the end of a portal session is unknown where the cloud does not tell it', async () => {
    const bench = await startStoreBench('profile');
    const body = { session_list: [{ session_id: 'one' }, { session_id: 'two', session_not_valid_after: 1 }] };
    breaks(bench, ['ListSessions'], { kind: 'status', status: 200, body });
    expect((await bench.prepare(mallory(bench))).impact.residual).toContain(
      '2 portal sessions are live until an unknown time: /revoke-sessions mallory.finch',
    );
  });

  it('names five groups that grant something, counts the others, and reads a hundred', async () => {
    const bench = await startStoreBench('profile');
    const { groups, memberships, assignments } = bench.local.organisation;
    const { user_id } = bench.user('alice');
    memberships.splice(0, memberships.length);
    const [row] = assignments;
    if (row === undefined) throw new Error('the seed has no assignment');
    for (let index = 0; index < 120; index += 1) {
      const group_id = `group-${String(index).padStart(3, '0')}`;
      groups.push({ group_id, display_name: group_id, description: '', created_at: 0 });
      memberships.push({ membership_id: group_id, group_id, user_id });
      if (index < 8) assignments.push({ ...row, principal_type: 'GROUP', principal_id: group_id });
    }
    const { residual } = (await bench.prepare({ ...mallory(bench), principal: user_id })).impact;
    expect(residual.filter((words) => words.startsWith('1 grant stays through the group'))).toHaveLength(5);
    expect(residual).toContain('3 grants stay through 3 more groups.');
    expect(residual).toContain('20 more groups were not read and may grant access too.');
    const reads = bench.local.calls.all.filter(
      (call) => call.operation === 'ListAccountAssignmentsForPrincipal',
    );
    expect(reads).toHaveLength(1 + 100);
  }, 30_000);

  it('of 5,000 grants on 500 accounts is counted, named and whole', async () => {
    const bench = await startStoreBench('profile');
    const { organisation } = bench.local;
    const { accounts, permissionSets, assignments } = organisation;
    const [account, set] = [bench.account('staging'), bench.set('PowerUser')];
    for (let index = accounts.length; index < 500; index += 1)
      accounts.push({ ...account, id: `account-${index}`, name: `stage-${index}` });
    for (let index = permissionSets.length; index < 60; index += 1)
      permissionSets.push({ ...set, permission_set_id: `set-${index}`, name: `Role-${index}` });
    assignments.length = 0;
    assignments.push(...wideGrants(organisation, 'USER', bench.user('mallory.finch').user_id, 5_000));
    const { impact, target } = await bench.prepare(mallory(bench));
    expect(impact.lines.at(-1)).toBe('5,000 grants on 500 accounts');
    expect(new Set(impact.grants.map((grant) => grant.key)).size).toBe(5_000);
    expect(new Set(impact.grants.map((grant) => grant.words)).size).toBe(5_000);
    expect(impact.grants.every((grant) => / on .+ \(.+\)$/.test(grant.words))).toBe(true);
    expect(impact.residual.at(-1)).toContain('12 h after the revocation');
    const calls = bench.local.calls.all.length;
    expect(calls).toBeLessThan(90);
    expect(digestOf('profile', target, impact.grants)).toBe(
      digestOf('profile', target, impact.grants.map(({ key }) => ({ key, words: '' })).toReversed()),
    );
  }, 60_000);
});

describe.each(kinds)('%s, while what it only adds cannot be read', (name, values) => {
  /** What the kind reads for its grants themselves. */
  const mandatory: Readonly<Record<string, readonly string[]>> = {
    'portal-sessions': ['ListSessions'],
    'group-membership': ['ListGroupMembershipsForMember', 'ListAccountAssignmentsForPrincipal'],
    profile: ['ListAccountAssignmentsForPrincipal'],
  };
  const added = [
    'ListSessions',
    'ListGroupMembershipsForMember',
    'ListAccountAssignmentsForPrincipal',
    'ListPermissionSets',
  ].filter((operation) => !mandatory[name]?.includes(operation));

  it.each([
    ['refused', { kind: 'status', status: 403, body: { error_code: 'IIC.1000', error_msg: 'no' } }],
    ['cut', { kind: 'cut-before' }],
    ['garbage', { kind: 'garbage' }],
  ] as const)('is assessed with the same grants: %s', async (_what, act) => {
    const bench = await startStoreBench(name);
    const whole = (await bench.prepare(values(bench))).impact;
    breaks(bench, added, act);
    const { impact } = await bench.prepare(values(bench));
    expect(impact.grants).toEqual(whole.grants);
    const unread = [...impact.lines, ...impact.residual].filter((words) =>
      words.includes('could not be read'),
    );
    expect(unread.length).toBeGreaterThan(0);
  });

  it('is not assessed where its own grants cannot be read', async () => {
    const bench = await startStoreBench(name);
    const target = await bench.aim(values(bench));
    const own = mandatory[name] ?? ['ListAccountAssignments', 'DescribeUser'];
    breaks(bench, own, { kind: 'status', status: 403, body: { error_code: 'IIC.1000', error_msg: 'no' } });
    await expect(bench.kind.impact(target, bench.cloud, bench.directory)).rejects.toMatchObject({
      name: 'CloudFault',
    });
  });
});

it.each([
  [
    { kind: 'status', status: 403, body: { error_code: 'IIC.1000', error_msg: 'no' } },
    'could not be read: the cloud refused it (HTTP 403).',
  ],
  [{ kind: 'cut-before' }, 'could not be read just now.'],
  [{ kind: 'garbage' }, 'could not be read: the cloud answered in a form that nobody agreed on.'],
] as const)('portal sessions after %j are said to be unread, and why', async (act, why) => {
  const bench = await startStoreBench('profile');
  breaks(bench, ['ListSessions'], act);
  expect((await bench.prepare(mallory(bench))).impact.residual).toContain(`Portal sessions ${why}`);
});
