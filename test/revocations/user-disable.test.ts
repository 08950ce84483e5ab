import { describe, expect, it } from 'vitest';
import { judge } from '../../src/domain/policy.ts';
import type { Cloud } from '../../src/domain/ports.ts';
import { policy } from '../support/world.ts';
import { throughJson } from './kinds.ts';
import { harmless, type StoreBench, startStoreBench, theStep } from './store-bench.ts';

const startBench = (switches = {}) => startStoreBench('user-disable', switches);
const values = ({ user }: StoreBench, userName = 'mallory.finch') => ({
  principal_type: 'USER',
  principal: user(userName).user_id,
});
const signIn = (bench: StoreBench) => `USER/${bench.user('mallory.finch').user_id}/sign-in`;

describe('the target', () => {
  it.each([
    ['principal', ''],
    ['principal', 'a/../b'],
    ['principal_type', 'GROUP'],
  ])('refuses %s "%s" before any changing call', async (field, value) => {
    const bench = await startBench();
    const aimed = await bench.kind.aim({ ...values(bench), [field]: value }, bench.directory);
    expect(aimed).toEqual({ result: 'wrong', errors: { principal: expect.any(String) } });
    expect(bench.changes()).toEqual([]);
  });
});

describe('the impact', () => {
  it('is the sign-in of the user, with what is out of reach without it', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench));
    const { user_id } = bench.user('mallory.finch');
    expect(impact.title).toBe(`Disable user Mallory Finch (mallory.finch, ${user_id})`);
    expect(impact.grants).toEqual([
      {
        key: signIn(bench),
        words: `sign-in of user Mallory Finch (mallory.finch, ${user_id})`,
        restore:
          "hcloud IdentityCenterStore EnableUser --cli-region='cn-north-4' " +
          `--identity_store_id='${bench.local.identityStoreId}' --user_id='${user_id}'`,
      },
    ]);
    expect(impact.lines).toEqual([
      `Sign-in of user Mallory Finch (mallory.finch, ${user_id})`,
      `Identity store ${bench.local.identityStoreId}`,
      'Out of reach without it: 5 grants on 3 accounts of their own',
      `Also 3 grants on 3 accounts through the group data-science (${bench.group('data-science').group_id})`,
      `Also 2 grants on 2 accounts through the group night-shift (${bench.group('night-shift').group_id})`,
    ]);
  });

  it('names at most ten groups and counts the rest, so that it stays readable', async () => {
    const bench = await startBench();
    const { user_id } = bench.user('mallory.finch');
    const { groups, memberships, assignments } = bench.local.organisation;
    const [grant] = assignments;
    if (grant === undefined) throw new Error('the seed has no assignment');
    for (let index = 0; index < 12; index += 1) {
      const group_id = `group-${index}`;
      groups.push({ group_id, display_name: group_id, description: '', created_at: 0 });
      memberships.push({ membership_id: `membership-${index}`, group_id, user_id });
      if (index > 0) assignments.push({ ...grant, principal_type: 'GROUP', principal_id: group_id });
    }
    const { lines } = (await bench.prepare(values(bench))).impact;
    expect(lines).toHaveLength(2 + 1 + 10 + 1);
    expect(lines.at(-1)).toBe('Also 3 grants on 1 account through 3 more groups');
    expect(lines.join()).not.toContain('group-0 ');
  });

  it('tells what remains: live sessions, the grants, and whoever may enable the user again', async () => {
    const bench = await startBench();
    expect((await bench.prepare(values(bench))).impact.residual).toEqual([
      expect.stringContaining('Portal sessions that are live now'),
      '2 portal sessions are live until 2026-11-22 17:00 UTC: /revoke-sessions mallory.finch',
      'Console sessions that are open live on: the last one ends at the latest 12 h after the revocation.',
      expect.stringContaining('external identity provider'),
      expect.stringMatching(/^Grants and group memberships stay.*: \/revoke-profile mallory\.finch$/),
    ]);
  });

  it('of a user who is disabled already is empty, and says so', async () => {
    const bench = await startBench();
    const { impact } = await bench.prepare(values(bench, 'dmitri.volkov'));
    expect(impact.grants).toEqual([]);
    expect(impact.lines).toEqual([expect.stringMatching(/dmitri\.volkov.* is disabled already$/)]);
  });

  it('is read for an execution also after look-ups have left only the last try of the access key', async () => {
    const bench = await startBench();
    const target = await bench.aim(values(bench));
    const { user_id } = bench.user('mallory.finch');
    const body = { error_code: 'APIGW.0301', error_msg: 'signature expired' };
    bench.local.switches.faults.push({
      match: () => true,
      times: 3,
      act: { kind: 'status', status: 401, body },
    });
    for (let time = 0; time < 3; time += 1) {
      await expect(bench.directory.user(user_id)).rejects.toMatchObject({ status: 401 });
      bench.pass(1_000);
    }
    const asked: Promise<unknown>[] = [];
    const executing: Cloud = {
      call: (request) => {
        const answer = bench.cloud.call({ ...request, executes: true });
        asked.push(answer);
        return answer;
      },
    };
    const impact = () => bench.kind.impact(target, executing, bench.directory);
    await expect(impact()).rejects.toMatchObject({ code: 'PORTCULLIS.AUTH_PAUSED' });
    await Promise.all(asked);
    expect(await impact()).toMatchObject({ result: 'assessed' });
  });

  it('says that there is no such user', async () => {
    const bench = await startBench();
    const target = await bench.aim({ principal_type: 'USER', principal: 'nobody' });
    expect(await bench.kind.impact(target, bench.cloud, bench.directory)).toEqual({
      result: 'no-such',
      words: expect.stringContaining('no such user'),
    });
  });

  it('always needs a second approver', async () => {
    const bench = await startBench();
    const { target, impact } = await bench.prepare(values(bench));
    const risk = bench.kind.risk(target, impact);
    const verdict = judge(bench.kind.name, risk, { staff: [], recent: { byRequester: 0, byAll: 0 } }, policy);
    expect(verdict.approvals).toBe(1);
    expect(risk.principalType).toBe('USER');
  });
});

describe('the step', () => {
  it('is the same after target and impact came back from the ledger', async () => {
    const bench = await startBench();
    const { target, impact, steps } = await bench.prepare(values(bench));
    expect(bench.kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    expect(theStep(steps).grants).toEqual([signIn(bench)]);
  });

  it('starts with exactly the documented call, and disables nobody else', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    const before = bench.local.organisation.users.filter((user) => !user.enabled).length;
    expect(await bench.start(step)).toEqual({ status: 200, cloudRequest: expect.any(String) });
    expect(bench.changes()).toMatchObject([
      {
        operation: 'DisableUser',
        method: 'POST',
        path: `${bench.store}/users/${bench.user('mallory.finch').user_id}/disable`,
        body: undefined,
      },
    ]);
    expect(bench.user('mallory.finch').enabled).toBe(false);
    expect(bench.local.organisation.users.filter((user) => !user.enabled)).toHaveLength(before + 1);
  });

  it('is refused and proven where somebody else was faster', async () => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    bench.user('mallory.finch').enabled = false;
    await expect(bench.start(step)).rejects.toMatchObject({
      family: 'refused',
      status: 400,
      code: 'IIC.1317',
      retryable: false,
    });
    expect(await bench.look(step)).toEqual({ state: 'gone', remaining: [], since: [] });
  });
});

describe('looking', () => {
  it('says present until the cloud describes the user as disabled', async () => {
    const bench = await startBench({ identityStoreDelayMs: 2_000 });
    const step = theStep((await bench.prepare(values(bench))).steps);
    const present = { state: 'present', surely: false, remaining: [signIn(bench)], since: [] };
    expect(await bench.look(step)).toEqual(present);
    await bench.start(step);
    expect(await bench.look(step)).toEqual(present);
    bench.pass(2_000);
    expect(await bench.look(step)).toEqual({ state: 'gone', remaining: [], since: [] });
    expect(bench.changes()).toHaveLength(1);
  });

  it('says present where an external identity provider enables the user again', async () => {
    const bench = await startBench({ writtenBack: true });
    const step = theStep((await bench.prepare(values(bench))).steps);
    await bench.start(step);
    expect(await bench.look(step)).toMatchObject({ state: 'present', remaining: [signIn(bench)] });
  });

  it.each([
    ['leaves out whether', (id: string) => ({ user_id: id, user_name: 'x' })],
    ['does not know whether', (id: string) => ({ user_id: id, user_name: 'x', enabled: null })],
    ['tells of somebody else whether', () => ({ user_id: 'other', user_name: 'x', enabled: false })],
  ])('takes no answer for a proof that %s the user is enabled', async (_what, body) => {
    const bench = await startBench();
    const step = theStep((await bench.prepare(values(bench))).steps);
    bench.local.switches.faults.push({
      match: (call) => call.operation === 'DescribeUser',
      times: 1,
      act: { kind: 'status', status: 200, body: body(bench.user('mallory.finch').user_id) },
    });
    await expect(bench.look(step)).rejects.toMatchObject({ family: 'unexpected-answer' });
  });

  it.each(harmless)('proves the same where the cloud is one with %o', async (switches) => {
    const bench = await startBench(switches);
    const step = theStep((await bench.prepare(values(bench))).steps);
    await bench.start(step);
    expect(await bench.look(step)).toMatchObject({ state: 'gone' });
  });
});
