import { describe, expect, test } from 'vitest';
import { createSwitchboard } from '../../../src/sandbox/host/switchboard.ts';
import { switchNames } from '../../../src/sandbox/switch-names.ts';
import { grantsOf, startCloud, trentsGrant } from '../cloud/harness.ts';
import { sendSigned } from '../cloud/official-sdk.ts';
import { bench } from '../slack/support.ts';

/** A board with the two real emulators behind it, and what the tests do to them. */
const start = async () => {
  const started = await startCloud();
  const { slack, client } = await bench();
  const { cloud, now, instance, pass, sdk, user } = started;
  const path = `${instance}/account-assignments`;
  return {
    ...started,
    slack,
    client,
    board: createSwitchboard(slack, cloud),
    list: () => sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' }),
    remove: () =>
      sendSigned(cloud, now(), { method: 'POST', path: `${path}/delete`, body: trentsGrant(started) }),
    /** How the newest deletion ended. */
    ending: async () => {
      pass(cloud.switches.deletionDelayMs);
      const id = cloud.organisation.deletions.at(-1)?.request_id;
      return sdk({ method: 'GET', path: `${path}/deletion-status/${id}` });
    },
    grants: () => {
      pass(cloud.switches.deletionDelayMs);
      return grantsOf(started, user('trent.osei').user_id);
    },
  };
};

const broken = /ECONNRESET|hang up/;

describe('each switch does what it says, and nothing once it is off', () => {
  test('slow: every answer of the cloud takes three seconds', async () => {
    const { board, cloud, list } = await start();
    board.set('slow', true);
    // The answer is still on its way when the test ends.
    const late = list().catch(() => undefined);
    await expect.poll(() => cloud.calls.all.at(-1)?.durationMs).toBeGreaterThanOrEqual(3_000);
    board.set('slow', false);
    expect((await list()).status).toBe(200);
    expect(cloud.calls.all.at(-1)?.durationMs).toBeLessThan(3_000);
    await cloud.close();
    await late;
  });

  test('throttled: of one operation only the first two calls in a second are accepted', async () => {
    const { board, list, pass, sdk } = await start();
    const thrice = async () => [(await list()).status, (await list()).status, (await list()).status];
    board.set('throttled', true);
    expect(await thrice()).toEqual([200, 200, 429]);
    const other = await sdk({ method: 'GET', path: '/v1/organizations/accounts' });
    expect(other).toMatchObject({ httpStatusCode: 200 });
    pass(1_000);
    expect(await thrice()).toEqual([200, 200, 429]);
    board.set('throttled', false);
    expect(await thrice()).toEqual([200, 200, 200]);
  });

  test('failing: a deletion is accepted, ends as FAILED with a reason, and the grant stays', async () => {
    const { board, remove, ending, grants } = await start();
    board.set('failing', true);
    expect((await remove()).status).toBe(200);
    expect(await ending()).toMatchObject({
      account_assignment_deletion_status: {
        status: 'FAILED',
        failure_reason: expect.stringContaining('sandbox'),
      },
    });
    expect(grants()).toBe(2);
    board.set('failing', false);
    expect((await remove()).status).toBe(200);
    expect(await ending()).toMatchObject({ account_assignment_deletion_status: { status: 'SUCCEEDED' } });
    expect(grants()).toBe(1);
  });

  test('lost: a change is carried out and its answer never comes, while reads are answered', async () => {
    const { board, cloud, remove, list, grants } = await start();
    board.set('lost', true);
    await expect(remove()).rejects.toThrow(broken);
    expect(cloud.calls.changes()).toMatchObject([{ status: null, acted: true }]);
    expect((await list()).status).toBe(200);
    expect(grants()).toBe(1);
    // What is gone already is refused, and refusals are not lost.
    expect((await remove()).status).toBe(404);
    board.set('lost', false);
    expect((await remove()).status).toBe(404);
    expect(cloud.switches.faults).toEqual([]);
  });

  test('lost: however many changes there are', async () => {
    const { board, cloud, sdk, store, user } = await start();
    board.set('lost', true);
    const disable = (name: string) =>
      sdk({ method: 'POST', path: `${store}/users/${user(name).user_id}/disable` }).catch(() => 'no answer');
    for (const name of ['alice', 'bob', 'carol']) expect(await disable(name)).toBe('no answer');
    expect(cloud.calls.changes().map(({ acted, status }) => [acted, status])).toEqual([
      [true, null],
      [true, null],
      [true, null],
    ]);
    board.set('lost', false);
    expect(await disable('trent.osei')).toMatchObject({ httpStatusCode: 200 });
  });

  test('cloud-outage: no call reaches the cloud', async () => {
    const { board, remove, grants } = await start();
    board.set('cloud-outage', true);
    await expect(remove()).rejects.toThrow(broken);
    expect(grants()).toBe(2);
    board.set('cloud-outage', false);
    expect((await remove()).status).toBe(200);
    expect(grants()).toBe(1);
  });

  test('slack-outage: no call reaches Slack, and the cloud goes on', async () => {
    const { board, client, list } = await start();
    board.set('slack-outage', true);
    await expect(client.auth.test()).rejects.toThrow(/socket hang up|ECONNRESET|fetch failed/);
    expect((await list()).status).toBe(200);
    board.set('slack-outage', false);
    expect(await client.auth.test()).toMatchObject({ ok: true });
  });
});

test('all switches are off at first, and each says whether it is on', async () => {
  const { board } = await start();
  const on = () => switchNames.filter((name) => board.state()[name]);
  expect(on()).toEqual([]);
  for (const [index, name] of switchNames.entries()) {
    board.set(name, true);
    expect(on()).toEqual(switchNames.slice(0, index + 1));
  }
  for (const name of switchNames) board.set(name, false);
  expect(on()).toEqual([]);
});

test('turning all off restores what was before, even when a switch was pressed twice', async () => {
  const { board, cloud, slack } = await start();
  cloud.switches.faults.push({ match: () => false, times: 1, act: { kind: 'cut-before' } });
  Object.assign(cloud.switches, { latencyMs: 5, ratePerSecond: 40, failDeletions: 'a reason of its own' });
  const now = () =>
    structuredClone([
      { ...cloud.switches, faults: cloud.switches.faults.length },
      { ...slack.switches, hang: 'a function' },
    ]);
  const before = now();
  for (const name of [...switchNames, ...switchNames]) board.set(name, true);
  expect(now()).not.toEqual(before);
  for (const name of [...switchNames.toReversed(), ...switchNames]) board.set(name, false);
  expect(now()).toEqual(before);
  expect(cloud.switches.faults).toMatchObject([{ times: 1, act: { kind: 'cut-before' } }]);
});
