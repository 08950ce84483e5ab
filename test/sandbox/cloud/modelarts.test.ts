import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Started, startCloud } from './harness.ts';
import { refusalOf, sendSigned } from './official-sdk.ts';

const pathOf = ({ project }: Started, name: string) => `/v2/${project(name).id}/authorizations`;

const namesLeft = ({ cloud, project }: Started, name: string) =>
  cloud.organisation.authorizations
    .filter((row) => row.project_id === project(name).id)
    .map((row) => row.user_name)
    .toSorted();

const remove = (started: Started, query: Record<string, string>, name = 'cn-north-4') =>
  started.sdk({ method: 'DELETE', path: pathOf(started, name), query });

const listNames = async (started: Started, query: Record<string, string | number>) =>
  z
    .object({ auth: z.array(z.object({ user_name: z.string() })) })
    .parse(await started.sdk({ method: 'GET', path: pathOf(started, 'cn-north-4'), query }))
    .auth.map((row) => row.user_name);

const everybody = ['all-users', 'amara.diallo', 'liu.yang', 'mallory.finch', 'training-pipeline'];

describe('the list', () => {
  test('is sorted by user name or time, up or down', async () => {
    const started = await startCloud();
    expect(await listNames(started, {})).toEqual(everybody);
    expect(await listNames(started, { order: 'DESC' })).toEqual(everybody.toReversed());
    expect((await listNames(started, { sort_by: 'create_time', order: 'desc' }))[0]).toBe('all-users');
  });

  test('counts offset in pages, or in elements when switched, and always says the total', async () => {
    const started = await startCloud();
    const query = { limit: 2, offset: 1 };
    expect(await listNames(started, query)).toEqual(['liu.yang', 'mallory.finch']);
    started.cloud.switches.modelartsOffset = 'element';
    expect(await listNames(started, query)).toEqual(['amara.diallo', 'liu.yang']);
    const answer = await started.sdk({ method: 'GET', path: pathOf(started, 'cn-north-4'), query });
    expect(answer).toMatchObject({ total_count: 5 });
  });

  test('carries a secret key for a credential, and no user id for a federated user', async () => {
    const started = await startCloud();
    const list = (name: string) => started.sdk({ method: 'GET', path: pathOf(started, name) });
    expect(await list('ap-southeast-3')).toMatchObject({
      auth: expect.arrayContaining([
        expect.objectContaining({ type: 'credential', secret_key: expect.stringMatching(/^.{40}$/) }),
      ]),
    });
    const { auth } = z
      .object({ auth: z.array(z.record(z.string(), z.unknown())) })
      .parse(await list('cn-north-4_vision'));
    const federated = auth.find((row) => row.user_type === 'federate');
    expect(federated).toMatchObject({ user_name: 'federated-partner' });
    expect(federated).not.toHaveProperty('user_id');
  });

  test('of a project that does not exist is a 404 without a request id in the body', async () => {
    const { cloud, now } = await startCloud();
    const path = `/v2/${'0'.repeat(32)}/authorizations`;
    const answer = await sendSigned(cloud, now(), { method: 'GET', path });
    expect(answer.status).toBe(404);
    expect(Object.keys(JSON.parse(answer.text))).toEqual(['error_code', 'error_msg']);
    expect(answer.headers['x-request-id']).toMatch(/./);
  });
});

describe('the deletion', () => {
  test('of one user removes that entry in that project only, and says the text "true"', async () => {
    const started = await startCloud();
    const { project, iamUser } = started;
    const user_id = iamUser('mallory.finch', project('cn-north-4').account_id).id;
    expect(await remove(started, { user_id })).toEqual({ httpStatusCode: 200, result: 'true' });
    expect(namesLeft(started, 'cn-north-4')).toEqual(everybody.filter((name) => name !== 'mallory.finch'));
    expect(namesLeft(started, 'cn-north-4_vision')).toContain('mallory.finch');
  });

  test('of "all" removes every entry of the project', async () => {
    const started = await startCloud();
    await remove(started, { user_id: 'all' });
    expect(namesLeft(started, 'cn-north-4')).toEqual([]);
    expect(namesLeft(started, 'ap-southeast-3')).toHaveLength(3);
  });

  test.each([{}, { user_id: '' }])('without a user removes everything at first: %j', async (query) => {
    const started = await startCloud();
    await remove(started, query);
    expect(namesLeft(started, 'cn-north-4')).toEqual([]);
  });

  test('without a user can be switched to a refusal', async () => {
    const started = await startCloud({ modelartsOmittedUser: 'error' });
    expect(await refusalOf(remove(started, {}))).toMatchObject({ status: 400 });
    expect(namesLeft(started, 'cn-north-4')).toEqual(everybody);
  });

  test.each([
    ['only-entry' as const, everybody.filter((name) => name !== 'all-users')],
    ['all' as const, []],
  ])('of "all-users" means %s when so switched', async (modelartsAllUsers, left) => {
    const started = await startCloud({ modelartsAllUsers });
    await remove(started, { user_id: 'all-users' });
    expect(namesLeft(started, 'cn-north-4')).toEqual(left);
  });

  test('of "all-users" can be switched to a refusal', async () => {
    const started = await startCloud({ modelartsAllUsers: 'error' });
    expect(await refusalOf(remove(started, { user_id: 'all-users' }))).toMatchObject({ status: 400 });
    expect(namesLeft(started, 'cn-north-4')).toEqual(everybody);
  });

  test.each([404, 400] as const)('of a user without an entry is a %i when so switched', async (status) => {
    const started = await startCloud({ modelartsMissingUser: status });
    expect(await refusalOf(remove(started, { user_id: 'f'.repeat(32) }))).toMatchObject({
      status,
      code: 'ModelArts.0102',
    });
  });

  test('wants a well-formed user id and the permission', async () => {
    const started = await startCloud();
    expect(await refusalOf(remove(started, { user_id: 'a b' }))).toMatchObject({ status: 400 });
    started.cloud.switches.deniedActions.add('modelarts:authorization:delete');
    expect(await refusalOf(remove(started, { user_id: 'all' }))).toMatchObject({
      status: 403,
      code: 'ModelArts.0105',
    });
    expect(namesLeft(started, 'cn-north-4')).toEqual(everybody);
  });
});

describe('the creation', () => {
  test('puts a deleted entry back, and done again changes it', async () => {
    const started = await startCloud();
    const { project, iamUser } = started;
    const user_id = iamUser('mallory.finch', project('cn-north-4').account_id).id;
    await remove(started, { user_id });
    const create = (content: string) =>
      started.sdk({
        method: 'POST',
        path: pathOf(started, 'cn-north-4'),
        body: { user_id, type: 'agency', content },
      });
    await create('modelarts_agency');
    await create('ma_agency_other');
    expect(namesLeft(started, 'cn-north-4')).toEqual(everybody);
    const row = started.cloud.organisation.authorizations.find(
      (one) => one.project_id === project('cn-north-4').id && one.user_id === user_id,
    );
    expect(row).toMatchObject({ user_name: 'mallory.finch', content: 'ma_agency_other' });
  });

  test('of "all" is the entry for all users', async () => {
    const started = await startCloud();
    const body = { user_id: 'all', type: 'agency', content: 'x' };
    await started.sdk({ method: 'POST', path: pathOf(started, 'ap-southeast-3'), body });
    expect(namesLeft(started, 'ap-southeast-3')).toContain('all-users');
  });

  test('of a credential needs its secret key, which the log does not keep', async () => {
    const started = await startCloud();
    const body = { user_id: 'a'.repeat(32), user_name: 'x', type: 'credential', content: 'AK' };
    const create = (more: object) =>
      started.sdk({ method: 'POST', path: pathOf(started, 'cn-north-4'), body: { ...body, ...more } });
    expect(await refusalOf(create({}))).toMatchObject({ status: 400 });
    await create({ secret_key: 's'.repeat(40) });
    expect(started.cloud.calls.all.at(-1)?.body).toEqual({ ...body, secret_key: '***' });
  });
});
