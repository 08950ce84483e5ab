import { describe, expect, test } from 'vitest';
import { startCloud } from './harness.ts';
import { refusalOf } from './official-sdk.ts';

const attribute = (attribute_path: string, attribute_value: string) => ({
  alternate_identifier: { unique_attribute: { attribute_path, attribute_value } },
});

describe('users', () => {
  test('are filtered by exact user name, or fuzzily when switched', async () => {
    const { cloud, sdk, store } = await startCloud();
    const list = (user_name: string) => sdk({ method: 'GET', path: `${store}/users`, query: { user_name } });
    expect(await list('wei.chen')).toMatchObject({ page_info: { current_count: 1 } });
    expect(await list('Wei.Chen')).toMatchObject({ page_info: { current_count: 0 } });
    cloud.switches.userNameMatch = 'fuzzy';
    expect(await list('Wei.Chen')).toMatchObject({ page_info: { current_count: 2 } });
  });

  test('are described flat, and an unknown one is a 404', async () => {
    const { sdk, store, user } = await startCloud();
    const { user_id } = user('mallory.finch');
    expect(await sdk({ method: 'GET', path: `${store}/users/${user_id}` })).toMatchObject({
      user_id,
      display_name: 'Mallory Finch',
      emails: [{ value: 'mallory@example.com', primary: true }],
      email_verified: true,
    });
    expect(await refusalOf(sdk({ method: 'GET', path: `${store}/users/nobody` }))).toMatchObject({
      status: 404,
      code: 'IIC.404',
    });
  });

  test('are described in a batch, unknown ones left out', async () => {
    const { sdk, store, user } = await startCloud();
    const ids = [user('alice').user_id, user('bob').user_id, 'nobody'];
    const answer = await sdk({ method: 'POST', path: `${store}/users/batch-query`, body: { user_ids: ids } });
    expect(answer).toHaveProperty('users.length', 2);
  });

  test('are looked up by their exact user name', async () => {
    const { sdk, store, user, cloud } = await startCloud();
    const path = `${store}/users/retrieve-user-id`;
    expect(await sdk({ method: 'POST', path, body: attribute('user_name', 'bob') })).toMatchObject({
      identity_store_id: cloud.identityStoreId,
      user_id: user('bob').user_id,
    });
    const fuzzy = sdk({ method: 'POST', path, body: attribute('user_name', 'bo') });
    expect(await refusalOf(fuzzy)).toMatchObject({ status: 404 });
    const wrong = sdk({ method: 'POST', path, body: attribute('emails.value', 'bob@example.com') });
    expect(await refusalOf(wrong)).toMatchObject({ status: 400 });
  });

  test('are disabled once and enabled once', async () => {
    const { sdk, store, user } = await startCloud();
    const post = (verb: string) =>
      sdk({ method: 'POST', path: `${store}/users/${user('bob').user_id}/${verb}` });
    await post('disable');
    expect(user('bob').enabled).toBe(false);
    expect(await refusalOf(post('disable'))).toMatchObject({ status: 400, code: 'IIC.1317' });
    await post('enable');
    expect(user('bob').enabled).toBe(true);
    expect(await refusalOf(post('enable'))).toMatchObject({ status: 400, code: 'IIC.1318' });
  });

  test('are disabled after a while, or written back, when switched', async () => {
    const { sdk, store, user, cloud, pass } = await startCloud({ identityStoreDelayMs: 1_000 });
    const path = `${store}/users/${user('bob').user_id}`;
    const disable = () => sdk({ method: 'POST', path: `${path}/disable` });
    const describedAs = async (enabled: boolean) =>
      expect(await sdk({ method: 'GET', path })).toMatchObject({ enabled });
    await disable();
    await describedAs(true);
    pass(1_000);
    await describedAs(false);
    expect(cloud.organisation.storeChanges).toEqual([]);
    user('bob').enabled = true;
    Object.assign(cloud.switches, { identityStoreDelayMs: 0, writtenBack: true });
    await disable();
    await describedAs(true);
  });
});

describe('groups', () => {
  test('are filtered by a part of their name, ignoring case', async () => {
    const { sdk, store, group } = await startCloud();
    const query = { display_name: 'NIGHT' };
    expect(await sdk({ method: 'GET', path: `${store}/groups`, query })).toMatchObject({
      groups: [{ group_id: group('night-shift').group_id, display_name: 'night-shift' }],
    });
  });

  test('are described one by one and in a batch', async () => {
    const { sdk, store, group } = await startCloud();
    const { group_id } = group('developers');
    const one = await sdk({ method: 'GET', path: `${store}/groups/${group_id}` });
    expect(one).toMatchObject({ group_id, display_name: 'developers' });
    const body = { group_ids: [group_id, 'nothing'] };
    const batch = await sdk({ method: 'POST', path: `${store}/groups/batch-query`, body });
    expect(batch).toMatchObject({ groups: [{ group_id }] });
    const unknown = sdk({ method: 'GET', path: `${store}/groups/nothing` });
    expect(await refusalOf(unknown)).toMatchObject({ status: 404 });
  });

  test('are looked up by their exact name', async () => {
    const { sdk, store, group } = await startCloud();
    const path = `${store}/groups/retrieve-group-id`;
    const body = attribute('display_name', 'contractors');
    expect(await sdk({ method: 'POST', path, body })).toMatchObject({
      group_id: group('contractors').group_id,
    });
    const part = sdk({ method: 'POST', path, body: attribute('display_name', 'contract') });
    expect(await refusalOf(part)).toMatchObject({ status: 404 });
  });
});

describe('memberships', () => {
  test('are listed from both sides, and asked for by pair', async () => {
    const { sdk, store, user, group } = await startCloud();
    const { user_id } = user('mallory.finch');
    const [data, night, others] = [group('data-science'), group('night-shift'), group('developers')];
    const mine = await sdk({
      method: 'GET',
      path: `${store}/group-memberships-for-member`,
      query: { user_id },
    });
    expect(mine).toMatchObject({
      group_memberships: expect.arrayContaining([
        expect.objectContaining({ group_id: data.group_id, member_id: { user_id } }),
        expect.objectContaining({ group_id: night.group_id, member_id: { user_id } }),
      ]),
    });
    const members = { method: 'GET', path: `${store}/group-memberships` } as const;
    expect(await sdk({ ...members, query: { group_id: night.group_id } })).toMatchObject({
      page_info: { current_count: 3 },
    });
    const body = { member_id: { user_id }, group_ids: [data.group_id, others.group_id] };
    expect(await sdk({ method: 'POST', path: `${store}/is-member-in-groups`, body })).toMatchObject({
      results: [{ membership_exists: true }, { membership_exists: false }],
    });
  });

  test('of a person or group that does not exist are a 404', async () => {
    const { sdk, store } = await startCloud();
    const tries = [
      { path: `${store}/group-memberships-for-member`, query: { user_id: 'nobody' } },
      { path: `${store}/group-memberships`, query: { group_id: 'nothing' } },
    ];
    for (const wanted of tries)
      expect(await refusalOf(sdk({ method: 'GET', ...wanted }))).toMatchObject({ status: 404 });
  });

  test('are found by pair and deleted by their id, once', async () => {
    const { sdk, store, user, group, cloud } = await startCloud();
    const body = {
      group_id: group('night-shift').group_id,
      member_id: { user_id: user('mallory.finch').user_id },
    };
    const find = () =>
      sdk({ method: 'POST', path: `${store}/group-memberships/retrieve-group-membership-id`, body });
    const row = cloud.organisation.memberships.find(
      (one) => one.group_id === body.group_id && one.user_id === body.member_id.user_id,
    );
    expect(await find()).toMatchObject({ membership_id: row?.membership_id });
    const path = `${store}/group-memberships/${row?.membership_id}`;
    await sdk({ method: 'DELETE', path });
    expect(await refusalOf(find())).toMatchObject({ status: 404 });
    expect(await refusalOf(sdk({ method: 'DELETE', path }))).toMatchObject({ status: 404 });
    expect(cloud.organisation.memberships.length).toBe(33);
  });

  test('that are not there are a 404 or a 400, as switched', async () => {
    const { sdk, store, cloud } = await startCloud();
    const gone = () => refusalOf(sdk({ method: 'DELETE', path: `${store}/group-memberships/nothing` }));
    expect(await gone()).toMatchObject({ status: 404, code: 'IIC.404' });
    cloud.switches.missingMembership = 400;
    expect(await gone()).toMatchObject({ status: 400, code: 'IIC.400' });
  });

  test('are there again under another id where they are written back', async () => {
    const { sdk, store, cloud } = await startCloud({ writtenBack: true });
    const [row] = cloud.organisation.memberships;
    await sdk({ method: 'DELETE', path: `${store}/group-memberships/${row?.membership_id}` });
    const again = cloud.organisation.memberships.at(-1);
    expect(again).toMatchObject({ group_id: row?.group_id, user_id: row?.user_id });
    expect(again?.membership_id).not.toBe(row?.membership_id);
    expect(cloud.organisation.memberships).toHaveLength(34);
  });
});

describe('portal sessions', () => {
  test('are listed while they live', async () => {
    const { sdk, store, user, pass } = await startCloud();
    const path = `${store}/users/${user('mallory.finch').user_id}/sessions`;
    expect(await sdk({ method: 'GET', path })).toHaveProperty('session_list.length', 2);
    pass(24 * 3_600_000);
    expect(await sdk({ method: 'GET', path })).toHaveProperty('session_list.length', 0);
  });

  test('are ended by their ids, only those of that user', async () => {
    const { sdk, store, user, cloud } = await startCloud();
    const path = `${store}/users/${user('mallory.finch').user_id}/sessions/batch-delete`;
    const session_ids = cloud.organisation.sessions.map((session) => session.session_id);
    await sdk({ method: 'POST', path, body: { session_ids } });
    expect(cloud.organisation.sessions.map((session) => session.user_id)).toEqual(
      ['trent.osei', 'bob', 'wang.fang'].map((name) => user(name).user_id),
    );
  });

  test('are ended together or not at all: at most as many, and none that has ended, as switched', async () => {
    const { sdk, store, user, cloud } = await startCloud({ sessionBatchMost: 2 });
    const { user_id } = user('mallory.finch');
    const path = `${store}/users/${user_id}/sessions/batch-delete`;
    const own = cloud.organisation.sessions.filter((session) => session.user_id === user_id);
    const end = (...session_ids: string[]) => sdk({ method: 'POST', path, body: { session_ids } });
    const ids = own.map((session) => session.session_id);
    expect(await refusalOf(end(...ids, 'ended'))).toMatchObject({ status: 400 });
    for (const status of [404, 400] as const) {
      cloud.switches.endedSession = status;
      expect(await refusalOf(end(ids[0] ?? '', 'ended'))).toMatchObject({ status });
    }
    expect(cloud.organisation.sessions).toHaveLength(5);
    await end(...ids);
    expect(cloud.organisation.sessions).toHaveLength(3);
  });
});

test('the summary counts users and groups', async () => {
  const { sdk, store } = await startCloud();
  expect(await sdk({ method: 'GET', path: `${store}/identity-store-summary` })).toMatchObject({
    users: 40,
    groups: 8,
  });
});

test('another identity store is a 404', async () => {
  const { sdk } = await startCloud();
  const refusal = await refusalOf(sdk({ method: 'GET', path: '/v1/identity-stores/d-0000000000/users' }));
  expect(refusal).toMatchObject({ status: 404, code: 'IIC.404' });
});
