import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalRequest, expectedSignature } from '../../../src/sandbox/cloud/canonical.ts';
import { startCloud, trentsGrant } from './harness.ts';
import { dateText, officialSdk, refusalOf, sendRaw, sendSigned, signedHeaders } from './official-sdk.ts';

const instances = { method: 'GET', path: '/v1/instances' } as const;
const minutes = 60_000;

describe('a published signature', () => {
  const file = new URL('../../huaweicloud/signing-vectors.json', import.meta.url);
  const vector = z.object({
    name: z.string(),
    sk: z.string(),
    securityToken: z.string().optional(),
    method: z.string(),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    expected: z.object({ Authorization: z.string(), 'X-Sdk-Date': z.string() }),
  });
  const { vectors } = z
    .object({ vectors: z.array(vector).min(8) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));

  test.each(vectors)('is computed from the message alone: $name', (one) => {
    const [, host = '', target = ''] = /^https?:\/\/([^/]+)(\/.*)$/.exec(one.url) ?? [];
    const headers = new Map(
      Object.entries({
        ...one.headers,
        host,
        ...(one.securityToken === undefined ? {} : { 'x-security-token': one.securityToken }),
      }).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const signed = /SignedHeaders=([^,]+)/.exec(one.expected.Authorization)?.[1]?.split(';') ?? [];
    const canonical = canonicalRequest(
      {
        method: one.method,
        url: target,
        header: (name) => headers.get(name),
        body: new TextEncoder().encode(one.body),
      },
      signed,
    );
    const signature = expectedSignature(one.sk, one.expected['X-Sdk-Date'], canonical);
    expect(one.expected.Authorization.endsWith(`Signature=${signature}`)).toBe(true);
  });
});

describe('the official client is accepted', () => {
  test('when it lists with an account id', async () => {
    const { cloud, sdk } = await startCloud();
    expect(await sdk({ ...instances, query: { limit: 10 } })).toMatchObject({
      httpStatusCode: 200,
      instances: [{ instance_id: cloud.instanceId, identity_store_id: cloud.identityStoreId }],
      page_info: { next_marker: null, current_count: 1 },
    });
  });

  test('when it posts a body', async () => {
    const started = await startCloud();
    const path = `${started.instance}/account-assignments/delete`;
    expect(await started.sdk({ method: 'POST', path, body: trentsGrant(started) })).toMatchObject({
      account_assignment_deletion_status: { status: 'IN_PROGRESS' },
    });
  });

  test('when it deletes with a query and a project id', async () => {
    const { cloud, now, project, iamUser } = await startCloud();
    const research = project('cn-north-4');
    const sdk = officialSdk(cloud, now, { project: research.id });
    const query = { user_id: iamUser('liu.yang', research.account_id).id };
    expect(await sdk({ method: 'DELETE', path: `/v2/${research.id}/authorizations`, query })).toMatchObject({
      result: 'true',
    });
  });

  test('when a query needs encoding and the body is not ASCII', async () => {
    const { sdk, store, user } = await startCloud();
    const path = `${store}/users`;
    expect(await sdk({ method: 'GET', path, query: { user_name: "a b+c*d~e'(f)!é&=/%" } })).toMatchObject({
      users: [],
    });
    user('wang.fang').user_name = '王芳\u2028🔒';
    const unique_attribute = { attribute_path: 'user_name', attribute_value: '王芳\u2028🔒' };
    const body = { alternate_identifier: { unique_attribute } };
    expect(await sdk({ method: 'POST', path: `${path}/retrieve-user-id`, body })).toMatchObject({
      user_id: user('王芳\u2028🔒').user_id,
    });
  });

  test('when it signs repeated and bracketed query keys, which only then are found unknown', async () => {
    const { sdk } = await startCloud();
    const query = { tag: ['zeta', 'alpha beta'], 'tag[0]': 'x', B: 'upper', a: '' };
    expect(await refusalOf(sdk({ ...instances, query }))).toMatchObject({ status: 400, code: 'IIC.400' });
  });

  test('when a space goes over the wire as a plus', async () => {
    const { cloud, now, store } = await startCloud();
    const wanted = { method: 'GET', path: `${store}/users`, query: { user_name: 'a b' } } as const;
    expect(await sendSigned(cloud, now(), wanted)).toMatchObject({ status: 200 });
  });

  test('with a temporary key and its token', async () => {
    const { cloud, now } = await startCloud();
    const sdk = officialSdk(cloud, now, { keys: cloud.credentials.temporary });
    expect(await sdk(instances)).toMatchObject({ httpStatusCode: 200 });
  });
});

describe('a call is refused with 401 APIGW.0301', () => {
  const words = 'Incorrect IAM authentication information: ';

  test('for a wrong secret, echoing the canonical request in one line', async () => {
    const { cloud, now } = await startCloud();
    const sdk = officialSdk(cloud, now, { keys: { ak: cloud.credentials.ak, sk: 'wrong' } });
    const refusal = await refusalOf(sdk({ ...instances, query: { limit: 7 } }));
    expect(refusal).toMatchObject({ status: 401, code: 'APIGW.0301' });
    expect(refusal.message).toMatch(
      new RegExp(
        `^${words}verify aksk signature fail, canonicalRequest:GET\\|/v1/instances/\\|limit=7\\|content-type:`,
      ),
    );
    expect(refusal.message).not.toContain('\n');
  });

  test('with the gateway headers and the same request id in header and body', async () => {
    const { cloud } = await startCloud();
    const answer = await sendRaw(cloud, instances, {});
    expect(answer.status).toBe(401);
    expect(answer.headers).toMatchObject({ server: 'api-gateway', connection: 'close' });
    expect(JSON.parse(answer.text)).toEqual({
      error_code: 'APIGW.0301',
      error_msg: `${words}x-auth-token not found`,
      request_id: answer.headers['x-request-id'],
    });
  });

  test('for a key that nobody has', async () => {
    const { cloud, now } = await startCloud();
    const sdk = officialSdk(cloud, now, { keys: { ak: 'AKNOBODY', sk: 'x' } });
    expect(await refusalOf(sdk(instances))).toMatchObject({ message: `${words}ak AKNOBODY not exist` });
  });

  test.each([
    ['old', -1],
    ['future', 1],
  ])('for a date more than 15 minutes %s, and not for 15 minutes', async (_word, sign) => {
    const { cloud, now } = await startCloud();
    const sdk = (offset: number) => officialSdk(cloud, () => now() + sign * offset);
    expect(await sdk(15 * minutes)(instances)).toMatchObject({ httpStatusCode: 200 });
    const time = now() + sign * (15 * minutes + 1_000);
    expect(await refusalOf(sdk(15 * minutes + 1_000)(instances))).toMatchObject({
      status: 401,
      message: `${words}calc aksk signature fail:signature expired, signature time:${dateText(time)},server time:${dateText(now())}`,
    });
  });

  test('for other bytes than were signed', async () => {
    const started = await startCloud();
    const { cloud, now, instance } = started;
    const wanted = {
      method: 'POST',
      path: `${instance}/account-assignments/delete`,
      body: trentsGrant(started),
    } as const;
    const headers = signedHeaders(cloud, now(), wanted);
    const body = JSON.stringify(wanted.body);
    const tampered = await sendRaw(cloud, { ...wanted, body: body.replace('USER', 'GROUP') }, headers);
    const respaced = await sendRaw(cloud, { ...wanted, body: `${body} ` }, headers);
    expect([tampered.status, respaced.status]).toEqual([401, 401]);
    expect((await sendRaw(cloud, { ...wanted, body }, headers)).status).toBe(200);
  });

  test('for a body hash announced in a header that the body does not have', async () => {
    const { cloud, now } = await startCloud();
    const wanted = { method: 'POST', path: '/v1/instances', body: {} } as const;
    const { Authorization: _other, ...headers } = signedHeaders(cloud, now(), wanted);
    const message = { ...headers, 'x-sdk-content-sha256': 'f'.repeat(64) };
    const known = new Map(Object.entries(message).map(([name, value]) => [name.toLowerCase(), value]));
    const names = [...known.keys()].toSorted();
    const canonical = canonicalRequest(
      { method: 'GET', url: instances.path, header: (name) => known.get(name), body: new Uint8Array() },
      names,
    );
    const signature = expectedSignature(cloud.credentials.sk, dateText(now()), canonical);
    const authorization = `SDK-HMAC-SHA256 Access=${cloud.credentials.ak}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
    const answer = await sendRaw(cloud, instances, { ...message, authorization });
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('verify aksk signature fail');
  });

  test('for a query, a method or a signed header that was changed on the way', async () => {
    const { cloud, now } = await startCloud();
    const headers = signedHeaders(cloud, now(), instances);
    const answers = await Promise.all([
      sendRaw(cloud, { ...instances, path: '/v1/instances?limit=1' }, headers),
      sendRaw(cloud, { ...instances, path: '/v1/registered-regions' }, headers),
      sendRaw(cloud, instances, { ...headers, 'content-type': 'text/plain' }),
      sendRaw(cloud, instances, { ...headers, host: 'elsewhere' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test('when the date is not among the signed headers', async () => {
    const { cloud, now } = await startCloud();
    const headers = signedHeaders(cloud, now(), instances);
    const authorization = headers.Authorization?.replace(';x-sdk-date', '') ?? '';
    const answer = await sendRaw(cloud, instances, { ...headers, Authorization: authorization });
    expect(answer.text).toContain('x-sdk-date missing, ill-formed or not signed');
  });

  test('for a temporary key without its token, with another one, and for a permanent key with one', async () => {
    const { cloud, now } = await startCloud();
    const { ak, sk, securityToken } = cloud.credentials.temporary;
    const tries = [
      { ak, sk },
      { ak, sk, securityToken: 'other' },
      { ...cloud.credentials, securityToken },
    ];
    for (const keys of tries) {
      const refusal = await refusalOf(officialSdk(cloud, now, { keys })(instances));
      expect(refusal).toMatchObject({ status: 401, message: `${words}decrypt token fail` });
    }
  });
});

test('headers added after signing, such as X-Project-Id, do not matter', async () => {
  const { cloud, now } = await startCloud();
  const headers = signedHeaders(cloud, now(), instances);
  const answer = await sendRaw(cloud, instances, { ...headers, 'X-Project-Id': 'abc', Accept: 'text/plain' });
  expect(answer.status).toBe(200);
});

describe('more than five failures in a row', () => {
  const failing = async () => {
    const started = await startCloud();
    const { cloud, now } = started;
    const wrong = officialSdk(cloud, now, { keys: { ak: cloud.credentials.ak, sk: 'wrong' } });
    const fail = async (times: number) => {
      for (let count = 0; count < times; count += 1) await refusalOf(wrong(instances));
    };
    return { ...started, fail };
  };

  test('lock the key for five minutes, even for right signatures', async () => {
    const { sdk, fail, pass } = await failing();
    await fail(6);
    const locked = {
      status: 401,
      message: expect.stringContaining('AK access failed to reach the limit,forbidden.'),
    };
    expect(await refusalOf(sdk(instances))).toMatchObject(locked);
    pass(5 * minutes - 1);
    expect(await refusalOf(sdk(instances))).toMatchObject(locked);
    pass(1);
    expect(await sdk(instances)).toMatchObject({ httpStatusCode: 200 });
  });

  test('are not five, and a success between them starts the count afresh', async () => {
    const { sdk, fail } = await failing();
    await fail(5);
    expect(await sdk(instances)).toMatchObject({ httpStatusCode: 200 });
    await fail(5);
    expect(await sdk(instances)).toMatchObject({ httpStatusCode: 200 });
  });

  test('lock that key only', async () => {
    const { cloud, now, fail } = await failing();
    await fail(6);
    const other = officialSdk(cloud, now, { keys: cloud.credentials.temporary });
    expect(await other(instances)).toMatchObject({ httpStatusCode: 200 });
  });
});

test('each answer has a request id of its own', async () => {
  const { cloud, now } = await startCloud();
  const answers = [await sendSigned(cloud, now(), instances), await sendSigned(cloud, now(), instances)];
  const ids = answers.map(({ headers }) => headers['x-request-id']);
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(ids).size).toBe(2);
});
