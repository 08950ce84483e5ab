import { describe, expect, test } from 'vitest';
import { startLocalCloud } from '../../../src/sandbox/cloud/local-cloud.ts';
import type { FaultAct } from '../../../src/sandbox/cloud/switches.ts';
import { grantsOf, type Started, startCloud } from './harness.ts';
import { refusalOf, sendSigned } from './official-sdk.ts';

const disassociate = ({ cloud, now, instance, user }: Started) =>
  sendSigned(cloud, now(), {
    method: 'POST',
    path: `${instance}/disassociate-profile`,
    body: {
      id: user('mallory.finch').user_id,
      accessor_type: 'USER',
      identity_store_id: cloud.identityStoreId,
    },
  });

const grantsLeft = (started: Started) => grantsOf(started, started.user('mallory.finch').user_id);

const planned = async (act: FaultAct) => {
  const started = await startCloud();
  started.cloud.switches.faults.push({ match: (call) => call.effect === 'change', times: 1, act });
  return started;
};

describe('a planned fault', () => {
  test('answers a status instead of acting', async () => {
    const body = { error_code: 'IIC.1209', error_msg: 'Bad Request:organizations.' };
    const started = await planned({ kind: 'status', status: 500, body, headers: { 'retry-after': '3' } });
    const answer = await disassociate(started);
    expect(answer).toMatchObject({ status: 500, headers: { 'retry-after': '3' } });
    expect(JSON.parse(answer.text)).toEqual(body);
    expect(grantsLeft(started)).toBe(5);
  });

  test('cuts the connection before acting', async () => {
    const started = await planned({ kind: 'cut-before' });
    await expect(disassociate(started)).rejects.toThrow(/ECONNRESET|hang up/);
    expect(grantsLeft(started)).toBe(5);
    expect(started.cloud.calls.changes()).toMatchObject([{ status: null, acted: false }]);
  });

  test('cuts the connection after acting: a lost answer', async () => {
    const started = await planned({ kind: 'cut-after' });
    await expect(disassociate(started)).rejects.toThrow(/ECONNRESET|hang up/);
    expect(grantsLeft(started)).toBe(0);
    expect(started.cloud.calls.changes()).toMatchObject([{ status: null, acted: true }]);
  });

  test.each([
    [true, 0],
    [false, 5],
  ])('never answers until the cloud is closed, having acted: %s', async (acts, left) => {
    const started = await planned({ kind: 'hang', acts });
    const call = disassociate(started).then(
      () => 'answered',
      () => 'broken',
    );
    await expect.poll(() => started.cloud.calls.changes().length).toBe(1);
    expect(grantsLeft(started)).toBe(left);
    await started.cloud.close();
    expect(await call).toBe('broken');
  });

  test.each([
    [true, 0],
    [false, 5],
  ])('answers 200 with something that is not JSON, having acted: %s', async (acts, left) => {
    const started = await planned({ kind: 'garbage', acts });
    const answer = await disassociate(started);
    expect(answer.status).toBe(200);
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
    expect(grantsLeft(started)).toBe(left);
  });

  test('is used up by the calls it matches, one after the other', async () => {
    const { cloud, sdk } = await startCloud();
    const list = () => sdk({ method: 'GET', path: '/v1/instances' });
    cloud.switches.faults.push(
      { match: (call) => call.operation === 'ListAccounts', times: 1, act: { kind: 'status', status: 599 } },
      { match: (call) => call.service === 'identitycenter', times: 2, act: { kind: 'status', status: 503 } },
      { match: () => true, times: 1, act: { kind: 'status', status: 504 } },
    );
    const statuses = [await refusalOf(list()), await refusalOf(list()), await refusalOf(list())];
    expect(statuses.map(({ status }) => status)).toEqual([503, 503, 504]);
    expect(await list()).toMatchObject({ httpStatusCode: 200 });
  });

  test('is not used up by a call with a wrong signature', async () => {
    const { cloud, now } = await startCloud();
    cloud.switches.faults.push({ match: () => true, times: 1, act: { kind: 'status', status: 503 } });
    const late = { method: 'GET', path: '/v1/instances' } as const;
    expect((await sendSigned(cloud, now() - 3_600_000, late)).status).toBe(401);
    expect(cloud.switches.faults[0]?.times).toBe(1);
  });
});

test('an outage resets every connection, and ends when switched off', async () => {
  const started = await startCloud({ outage: true });
  await expect(disassociate(started)).rejects.toThrow(/ECONNRESET|hang up/);
  expect(grantsLeft(started)).toBe(5);
  expect(started.cloud.calls.all).toMatchObject([{ status: null, operation: 'DisassociateProfile' }]);
  started.cloud.switches.outage = false;
  expect((await disassociate(started)).status).toBe(200);
});

test('a slow answer is late, but not its effect; closing the cloud does not wait for it', async () => {
  const started = await startCloud({ latencyMs: 3_600_000 });
  const call = disassociate(started).then(
    () => 'answered',
    () => 'broken',
  );
  await expect.poll(() => grantsLeft(started)).toBe(0);
  await started.cloud.close();
  expect(await call).toBe('broken');
});

test('a short delay only delays', async () => {
  const { cloud, now } = await startCloud({ latencyMs: 20 });
  const began = performance.now();
  expect((await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' })).status).toBe(200);
  expect(performance.now() - began).toBeGreaterThanOrEqual(15);
});

describe('the log of calls', () => {
  test('keeps every call with its operation, status, code, ids and effect', async () => {
    const started = await startCloud();
    const { cloud, now, store, sdk, user } = started;
    const answer = await sendSigned(cloud, now(), {
      method: 'GET',
      path: '/v1/instances',
      query: { limit: 9 },
    });
    await refusalOf(sdk({ method: 'POST', path: `${store}/users/nobody/disable` }));
    await sdk({
      method: 'POST',
      path: `${store}/users/batch-query`,
      body: { user_ids: [user('bob').user_id] },
    });
    expect(cloud.calls.all).toEqual([
      {
        at: now(),
        service: 'identitycenter',
        operation: 'ListInstances',
        method: 'GET',
        path: '/v1/instances',
        query: { limit: '9' },
        body: undefined,
        status: 200,
        requestId: answer.headers['x-request-id'],
        durationMs: expect.any(Number),
        effect: 'read',
        acted: true,
      },
      expect.objectContaining({
        operation: 'DisableUser',
        service: 'identitystore',
        status: 404,
        code: 'IIC.404',
        effect: 'change',
        acted: false,
      }),
      expect.objectContaining({ operation: 'DescribeUsers', method: 'POST', effect: 'read' }),
    ]);
    expect(cloud.calls.changes().map((call) => call.operation)).toEqual(['DisableUser']);
    cloud.calls.clear();
    expect(cloud.calls.all).toEqual([]);
  });
});

test('two clouds do not share state, and a closed one can be closed again', async () => {
  const [one, other] = [await startCloud(), await startCloud()];
  await disassociate(one);
  expect([grantsLeft(one), grantsLeft(other)]).toEqual([0, 5]);
  await one.cloud.close();
  await one.cloud.close();
});

test('a port can be chosen, and one that is taken is an error', async () => {
  const { cloud, now } = await startCloud();
  const port = Number(new URL(cloud.url).port);
  await expect(startLocalCloud({ now, port })).rejects.toThrow('EADDRINUSE');
  await cloud.close();
  const again = await startLocalCloud({ now, port });
  expect(again.url).toBe(cloud.url);
  await again.close();
});

test('connections are refused until they are taken again, and nothing has come in meanwhile', async () => {
  const started = await startCloud();
  const listenAgain = await started.cloud.refuseConnections();
  await expect(disassociate(started)).rejects.toThrow(/ECONNREFUSED/);
  expect(started.cloud.calls.all).toEqual([]);
  await listenAgain();
  expect((await disassociate(started)).status).toBe(200);
  expect(grantsLeft(started)).toBe(0);
});
