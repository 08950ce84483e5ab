import { describe, expect, test } from 'vitest';
import { startCloud, trentsGrant } from './harness.ts';
import { officialSdk, refusalOf, sendRaw, sendSigned } from './official-sdk.ts';

describe('checks come in this order', () => {
  test('a path that does not exist is a 404 even without a signature', async () => {
    const { cloud } = await startCloud();
    const tries = [
      { method: 'GET', path: '/v1/nothing' },
      { method: 'DELETE', path: '/v1/instances' },
      { method: 'GET', path: '/v1/instances/' },
      { method: 'GET', path: '/v1/instances//permission-sets' },
    ];
    for (const target of tries) {
      const answer = await sendRaw(cloud, target, {});
      expect(answer.status).toBe(404);
      expect(JSON.parse(answer.text)).toMatchObject({ error_code: 'APIGW.0101' });
    }
  });

  test('the signature comes before the rate', async () => {
    const { cloud, now } = await startCloud({ ratePerSecond: 0 });
    const wrong = officialSdk(cloud, now, { keys: { ak: cloud.credentials.ak, sk: 'wrong' } });
    expect(await refusalOf(wrong({ method: 'GET', path: '/v1/instances' }))).toMatchObject({ status: 401 });
  });

  test('the rate comes before the permission', async () => {
    const { sdk } = await startCloud({
      ratePerSecond: 0,
      deniedActions: new Set(['IdentityCenter:instance:list']),
    });
    expect(await refusalOf(sdk({ method: 'GET', path: '/v1/instances' }))).toMatchObject({
      status: 429,
      code: 'APIGW.0308',
    });
  });

  test('the permission comes before the parameters', async () => {
    const deniedActions = new Set(['IdentityCenter:instance:list']);
    const { sdk } = await startCloud({ deniedActions });
    const refusal = await refusalOf(sdk({ method: 'GET', path: '/v1/instances', query: { limit: 0 } }));
    expect(refusal).toMatchObject({
      status: 403,
      code: 'IIC.1000',
      message: 'No permission for action IdentityCenter:instance:list.',
      encodedAuthorizationMessage: expect.stringMatching(/./),
    });
  });

  test('parameters come before existence', async () => {
    const { sdk } = await startCloud();
    const path = '/v1/instances/ins-ffffffffffffffff/account-assignments';
    expect(await refusalOf(sdk({ method: 'GET', path }))).toMatchObject({ status: 400, code: 'IIC.400' });
    const query = { account_id: 'x' };
    expect(await refusalOf(sdk({ method: 'GET', path, query }))).toMatchObject({
      status: 404,
      code: 'IIC.404',
    });
  });

  test('existence comes before conflicts', async () => {
    const started = await startCloud();
    const { sdk, instance, cloud } = started;
    const wanted = { method: 'POST', path: `${instance}/account-assignments/delete` } as const;
    await sdk({ ...wanted, body: trentsGrant(started) });
    const body = { ...trentsGrant(started), permission_set_id: '0'.repeat(32) };
    expect(await refusalOf(sdk({ ...wanted, body }))).toMatchObject({ status: 404, code: 'IIC.1205' });
    expect(await refusalOf(sdk({ ...wanted, body: trentsGrant(started) }))).toMatchObject({
      status: 409,
      code: 'IIC.1006',
    });
    expect(cloud.calls.changes().map((call) => call.status)).toEqual([200, 404, 409]);
  });
});

test('a caller who is no delegated administrator is refused by every Identity Center call, not by others', async () => {
  const { sdk, store } = await startCloud({
    deniedActions: new Set(['organizations:delegatedAdministrators:list']),
  });
  expect(await refusalOf(sdk({ method: 'GET', path: '/v1/instances' }))).toMatchObject({ code: 'IIC.1001' });
  expect(await refusalOf(sdk({ method: 'GET', path: `${store}/users` }))).toMatchObject({ code: 'IIC.1001' });
  expect(await sdk({ method: 'GET', path: '/v1/organizations/accounts' })).toMatchObject({
    httpStatusCode: 200,
  });
});

test('the rate is counted per operation and second', async () => {
  const { sdk, pass } = await startCloud({ ratePerSecond: 2 });
  const list = () => sdk({ method: 'GET', path: '/v1/instances' });
  await list();
  pass(500);
  await list();
  expect(await refusalOf(list())).toMatchObject({ status: 429 });
  expect(await sdk({ method: 'GET', path: '/v1/registered-regions' })).toMatchObject({ httpStatusCode: 200 });
  pass(500);
  expect(await list()).toMatchObject({ httpStatusCode: 200 });
});

describe('a parameter is refused with 400', () => {
  test.each([
    ['an unknown one', { limit: 1, colour: 'red' }],
    ['limit 0', { limit: 0 }],
    ['limit 101', { limit: 101 }],
    ['a limit that is no number', { limit: '1e1' }],
    ['a marker of 23 characters', { marker: 'a'.repeat(23) }],
    ['a marker that was never given out', { marker: 'a'.repeat(24) }],
    ['an empty marker', { marker: '' }],
    ['one given twice', { limit: ['1', '2'] }],
  ])('in a query: %s', async (_what, query) => {
    const { sdk } = await startCloud();
    const refusal = await refusalOf(sdk({ method: 'GET', path: '/v1/instances', query }));
    expect(refusal).toMatchObject({ status: 400, code: 'IIC.400' });
  });

  test.each([
    ['a missing one', { principal_id: undefined }],
    ['an unknown one', { reason: 'x' }],
    ['a wrong enumeration value', { principal_type: 'user' }],
    ['a wrong target type', { target_type: 'PROJECT' }],
    ['an empty id', { principal_id: '' }],
    ['a number for a text', { target_id: 5 }],
  ])('in a body: %s', async (_what, change) => {
    const started = await startCloud();
    const path = `${started.instance}/account-assignments/delete`;
    const body = { ...trentsGrant(started), ...change };
    expect(await refusalOf(started.sdk({ method: 'POST', path, body }))).toMatchObject({
      status: 400,
      code: 'IIC.400',
    });
  });

  test.each([
    ['an instance id of 19 characters', '/v1/instances/ins-000000000000000/permission-sets'],
    ['an identity store id of 13 characters', '/v1/identity-stores/d-00000000000/users'],
    ['a user id of 65 characters', `/v1/identity-stores/d-0000000000/users/${'a'.repeat(65)}`],
  ])('in a path: %s', async (_what, path) => {
    const { sdk } = await startCloud();
    expect(await refusalOf(sdk({ method: 'GET', path }))).toMatchObject({ status: 400, code: 'IIC.400' });
  });

  test('when a body comes with a call that takes none', async () => {
    const { sdk, store, user } = await startCloud();
    const path = `${store}/users/${user('bob').user_id}/disable`;
    expect(await refusalOf(sdk({ method: 'POST', path, body: { why: 'x' } }))).toMatchObject({ status: 400 });
    expect(user('bob').enabled).toBe(true);
  });
});

test('the code prefix of 2024 can be switched on while running', async () => {
  const { cloud, sdk } = await startCloud();
  cloud.switches.codePrefix = 'IdentityCenter';
  const refusal = await refusalOf(sdk({ method: 'GET', path: '/v1/instances', query: { limit: 0 } }));
  expect(refusal.code).toBe('IdentityCenter.400');
  expect(cloud.calls.all.at(-1)).toMatchObject({ status: 400, code: 'IdentityCenter.400' });
});

test('extra fields appear in every object, in refusals too', async () => {
  const { cloud, now } = await startCloud({ extraFields: true });
  const tomorrow = { x_field_of_tomorrow: expect.anything() };
  const good = await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' });
  expect(JSON.parse(good.text)).toMatchObject({ ...tomorrow, instances: [tomorrow], page_info: tomorrow });
  const bad = await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances', query: { limit: 0 } });
  expect(JSON.parse(bad.text)).toMatchObject({ error_code: 'IIC.400', ...tomorrow });
});
