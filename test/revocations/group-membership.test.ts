import { describe, expect, it } from 'vitest';
import { removeWhere } from '../../src/sandbox/cloud/organisation.ts';
import { throughJson } from './kinds.ts';
import { harmless, type StoreBench, startStoreBench, theStep } from './store-bench.ts';

const startBench = (switches = {}) => startStoreBench('group-membership', switches);
const values = ({ user, group }: StoreBench, groupName = 'data-science', userName = 'mallory.finch') => ({
  principal_type: 'USER',
  principal: user(userName).user_id,
  group: group(groupName).group_id,
});
const keyOf = (bench: StoreBench) =>
  `USER/${bench.user('mallory.finch').user_id}/GROUP/${bench.group('data-science').group_id}`;
const memberships = ({ local, user, group }: StoreBench, groupName = 'data-science') =>
  local.organisation.memberships.filter(
    (row) => row.user_id === user('mallory.finch').user_id && row.group_id === group(groupName).group_id,
  );

describe('the target', () => {
  it.each([
    ['principal', '', 'principal'],
    ['principal', 'a/b', 'principal'],
    ['principal_type', 'GROUP', 'principal'],
    ['group', '', 'group'],
    ['group', '../x', 'group'],
  ])('refuses %s "%s" before any changing call', async (field, value, wrong) => {
    const bench = await startBench();
    const aimed = await bench.kind.aim({ ...values(bench), [field]: value }, bench.directory);
    expect(aimed).toEqual({ result: 'wrong', errors: { [wrong]: expect.stringContaining('Choose') } });
    expect(bench.changes()).toEqual([]);
  });
});

describe('the impact', () => {
  it('is the membership, with what the group gives', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench));
    const [who, where] = [
      `user Mallory Finch (mallory.finch, ${bench.user('mallory.finch').user_id})`,
      `group data-science (${bench.group('data-science').group_id})`,
    ];
    expect(impact.title).toBe(`Take ${who} out of the ${where}`);
    expect(impact.grants).toEqual([
      {
        key: keyOf(bench),
        words: `membership of ${who} in the ${where}`,
        restore:
          "hcloud IdentityCenterStore CreateGroupMembership --cli-region='cn-north-4' " +
          `--identity_store_id='${bench.local.identityStoreId}' --group_id='${bench.group('data-science').group_id}' ` +
          `--member_id.user_id='${bench.user('mallory.finch').user_id}'`,
      },
    ]);
    const named = (set: string, account: string) =>
      `Lost with it: ${set} on ${account} (${bench.account(account).id})`;
    expect(impact.lines.slice(0, 3)).toEqual([
      `Membership of ${who}`,
      `In the ${where}`,
      'With it go 3 grants on 3 accounts',
    ]);
    expect(impact.lines.slice(3).sort()).toEqual(
      [
        named('DataScientist', 'data-lake'),
        named('DataScientist', 'ml-research'),
        named('PowerUser', 'sandbox-lab'),
      ].sort(),
    );
    expect(impact.people).toMatchObject([{ userName: 'mallory.finch' }]);
  });

  it('calls no group like another one with its id', async () => {
    const bench = await startBench();
    const group = bench.group('data-science');
    const aimed = values(bench);
    const forged = 'ops (0123456789abcdef0123456789abcdef)';
    Object.assign(group, { display_name: forged });
    const { impact } = await bench.prepare(aimed);
    const said = [impact.title, ...impact.lines, ...impact.grants.map(({ words }) => words)].join('\n');
    expect(said).not.toContain(forged);
    expect(said).toContain(`ops \\u{28}0123456789abcdef0123456789abcdef\\u{29} (${group.group_id})`);
  });

  it('names at most fifteen lost grants and counts the rest', async () => {
    const bench = await startBench();
    const { assignments, accounts } = bench.local.organisation;
    removeWhere(assignments, (row) => row.principal_type === 'GROUP');
    for (const account of accounts.slice(0, 9))
      for (const set of ['BillingViewer', 'SecurityAudit'])
        assignments.push({
          account_id: account.id,
          permission_set_id: bench.set(set).permission_set_id,
          principal_id: bench.group('data-science').group_id,
          principal_type: 'GROUP',
        });
    const { lines } = (await bench.prepare(values(bench))).impact;
    expect(lines).toHaveLength(3 + 15 + 1);
    expect(lines.at(-1)).toBe('Lost with it: 3 more grants of the group');
  });

  it('says when the group itself grants nothing', async () => {
    const bench = await startBench();
    bench.local.organisation.assignments.length = 0;
    const { impact } = await bench.prepare(values(bench));
    expect(impact.lines.at(-1)).toBe('The group itself grants nothing on any account');
    expect(impact.grants).toHaveLength(1);
  });

  it('warns of the same access by an own assignment and by another group, and of nothing else', async () => {
    const bench = await startBench();
    const research = {
      account_id: bench.account('ml-research').id,
      permission_set_id: bench.set('DataScientist').permission_set_id,
      principal_type: 'GROUP' as const,
    };
    for (const name of ['night-shift', 'developers'])
      bench.local.organisation.assignments.push({ ...research, principal_id: bench.group(name).group_id });
    const { residual } = (await bench.prepare(values(bench))).impact;
    expect(residual).toEqual([
      expect.stringMatching(
        /^Warning: an assignment of their own still grants DataScientist on data-lake \(\w+\): \/revoke-assignment mallory\.finch$/,
      ),
      expect.stringMatching(
        /^Warning: the group night-shift still grants DataScientist on ml-research .*: \/revoke-membership mallory\.finch night-shift$/,
      ),
      expect.stringMatching(/other group memberships stay: \/revoke-profile mallory\.finch$/),
      '2 portal sessions are live until 2026-11-22 17:00 UTC: /revoke-sessions mallory.finch',
      'Console sessions that are open live on: the last one ends at the latest 10 h after the revocation.',
      expect.stringContaining('external identity provider (SCIM) may write the membership back'),
    ]);
  });

  it('is empty for a group that the user is not in, and says so', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench, 'developers'));
    expect(impact.grants).toEqual([]);
    expect(impact.lines).toEqual([expect.stringMatching(/is not in the group developers/)]);
  });

  it.each([
    ['user', { principal: 'nobody' }],
    ['group', { group: 'nothing' }],
  ])('says that there is no such %s', async (what, change) => {
    const bench = await startBench();
    const target = await bench.aim({ ...values(bench), ...change });
    expect(await bench.kind.impact(target, bench.cloud, bench.directory)).toEqual({
      result: 'no-such',
      words: expect.stringContaining(`no such ${what}`),
    });
  });

  it('is by policy, as for any user', async () => {
    const bench = await startBench();
    const { target, impact } = await bench.prepare(values(bench));
    expect(bench.kind.risk(target, impact)).toMatchObject({ everything: false, principalType: 'USER' });
    expect(bench.kind.principal(target)).toBe(`USER/${bench.user('mallory.finch').user_id}`);
  });
});

describe('the step', () => {
  it('is the same after target and impact came back from the ledger', async () => {
    const bench = await startBench();
    const { target, impact, steps } = await bench.prepare(values(bench));
    expect(bench.kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    expect(theStep(steps).grants).toEqual([keyOf(bench)]);
  });

  it('starts with exactly the documented call, and takes nobody else out', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const [row] = memberships(bench);
    const before = bench.local.organisation.memberships.length;
    expect(await bench.start(step)).toEqual({ status: 200, cloudRequest: expect.any(String) });
    expect(bench.changes()).toMatchObject([
      {
        operation: 'DeleteGroupMembership',
        method: 'DELETE',
        path: `${bench.store}/group-memberships/${row?.membership_id}`,
        body: undefined,
      },
    ]);
    expect(memberships(bench)).toEqual([]);
    expect(memberships(bench, 'night-shift')).toHaveLength(1);
    expect(bench.local.organisation.memberships).toHaveLength(before - 1);
  });

  it('calls nothing where the membership has gone meanwhile', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const [row] = memberships(bench);
    removeWhere(bench.local.organisation.memberships, (one) => one === row);
    await expect(bench.start(step)).rejects.toMatchObject({ family: 'refused', retryable: false });
    expect(bench.changes()).toEqual([]);
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
  });

  it.each([404, 400] as const)(
    'is refused and proven where it goes right before the call: %s',
    async (status) => {
      const bench = await startBench({ missingMembership: status });
      const step = theStep((await bench.prepare(values(bench))).steps);
      const [row] = memberships(bench);
      bench.local.switches.faults.push({
        match: ({ operation }) => {
          if (operation === 'DeleteGroupMembership')
            removeWhere(bench.local.organisation.memberships, (one) => one === row);
          return false;
        },
        times: 1,
        act: { kind: 'cut-before' },
      });
      await expect(bench.start(step)).rejects.toMatchObject({ family: 'refused', status });
      expect(await bench.look(step)).toMatchObject({ state: 'gone' });
    },
  );
});

describe('looking', () => {
  it('says present until the membership is not listed any more', async () => {
    const bench = await startBench({ identityStoreDelayMs: 2_000 });
    const step = theStep((await bench.prepare(values(bench))).steps);
    const present = { state: 'present', surely: false, remaining: [keyOf(bench)], since: [] };
    await bench.start(step);
    expect(await bench.look(step)).toEqual(present);
    bench.pass(2_000);
    expect(await bench.look(step)).toEqual({ state: 'gone', remaining: [], since: [] });
  });

  it('takes no other membership for it, whatever the cloud lists', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const row = (group_id: string, user_id: string) => ({
      membership_id: 'other',
      group_id,
      member_id: { user_id },
    });
    const body = {
      group_memberships: [
        row(bench.group('data-science').group_id, bench.user('bob').user_id),
        row(bench.group('night-shift').group_id, bench.user('mallory.finch').user_id),
      ],
    };
    bench.local.switches.faults.push({
      match: (call) => call.operation === 'ListGroupMembershipsForMember',
      times: 2,
      act: { kind: 'status', status: 200, body },
    });
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
    await expect(bench.start(step)).rejects.toMatchObject({ family: 'refused' });
    expect(bench.changes()).toEqual([]);
  });

  it.each([
    ['group', { group_id: '' }],
    ['user', { member_id: { user_id: '' } }],
  ])('does not take a row without its %s for another membership', async (_, empty) => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const row = {
      membership_id: 'm-1',
      group_id: bench.group('data-science').group_id,
      member_id: { user_id: bench.user('mallory.finch').user_id },
    };
    bench.local.switches.faults.push({
      match: (call) => call.operation === 'ListGroupMembershipsForMember',
      times: 1,
      act: { kind: 'status', status: 200, body: { group_memberships: [{ ...row, ...empty }] } },
    });
    await expect(bench.look(step)).rejects.toMatchObject({ family: 'unexpected-answer' });
  });

  it('takes a membership that was written back under another id for the same access', async () => {
    const bench = await startBench({ writtenBack: true });
    const step = theStep((await bench.prepare(values(bench))).steps);
    await bench.start(step);
    expect(await bench.look(step)).toMatchObject({ state: 'present', remaining: [keyOf(bench)] });
  });

  it.each(harmless)('proves the same where the cloud is one with %o', async (switches) => {
    const bench = await startBench(switches);
    const step = theStep((await bench.prepare(values(bench))).steps);
    expect(step.grants).toEqual([keyOf(bench)]);
    await bench.start(step);
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
  });
});
