import { describe, expect, test } from 'vitest';
import { startCloud } from './harness.ts';
import { refusalOf, sendSigned } from './official-sdk.ts';

describe('Organizations', () => {
  test('lists all accounts, with the contact only on demand and then at most 200 a page', async () => {
    const { sdk } = await startCloud();
    const path = '/v1/organizations/accounts';
    const plain = await sdk({ method: 'GET', path });
    expect(plain).toHaveProperty('accounts.length', 12);
    expect(plain).not.toHaveProperty('accounts.0.email');
    const contact = { with_register_contact_info: 'true' };
    expect(await sdk({ method: 'GET', path, query: contact })).toHaveProperty('accounts.0.email');
    const query = { ...contact, limit: 201 };
    expect(await refusalOf(sdk({ method: 'GET', path, query }))).toMatchObject({ status: 400 });
  });

  test('describes one account and the organisation', async () => {
    const { sdk, account, cloud } = await startCloud();
    const { id } = account('legacy-erp');
    expect(await sdk({ method: 'GET', path: `/v1/organizations/accounts/${id}` })).toMatchObject({
      account: {
        id,
        name: 'legacy-erp',
        status: 'suspended',
        joined_at: expect.stringMatching(/^2025-.*Z$/),
      },
    });
    expect(await sdk({ method: 'GET', path: '/v1/organizations' })).toMatchObject({
      organization: {
        management_account_id: cloud.credentials.domainId,
        management_account_name: 'meridian-root',
      },
    });
    const unknown = sdk({ method: 'GET', path: `/v1/organizations/accounts/${'0'.repeat(32)}` });
    expect(await refusalOf(unknown)).toMatchObject({ status: 404 });
  });

  test('has no accounts below another parent', async () => {
    const { sdk } = await startCloud();
    const list = (parent_id: string) =>
      sdk({ method: 'GET', path: '/v1/organizations/accounts', query: { parent_id } });
    expect(await list('ou-00000000')).toMatchObject({ accounts: [] });
    expect(await refusalOf(list('root'))).toMatchObject({ status: 400 });
  });
});

describe('IAM', () => {
  test('finds users of one account by their exact name', async () => {
    const { sdk, project, iamUser } = await startCloud();
    const { account_id: domain_id } = project('ap-southeast-3');
    const query = { name: 'mallory.finch', domain_id, enabled: 'true' };
    expect(await sdk({ method: 'GET', path: '/v3/users', query })).toMatchObject({
      users: [{ id: iamUser('mallory.finch', domain_id).id, name: 'mallory.finch', domain_id }],
    });
    const part = await sdk({ method: 'GET', path: '/v3/users', query: { name: 'mallory' } });
    expect(part).toMatchObject({ users: [] });
  });

  test('gives the same ids in version 5, and no marker at the end', async () => {
    const { sdk, cloud } = await startCloud();
    const answer = await sdk({ method: 'GET', path: '/v5/users' });
    expect(answer).toHaveProperty('page_info', { current_count: 10 });
    expect(answer).toMatchObject({
      users: cloud.organisation.iamUsers
        .map(({ id, name }) => ({ user_id: id, user_name: name }))
        .toSorted((one, other) => (one.user_id < other.user_id ? -1 : 1)),
    });
  });

  test('finds projects by name, and gives page and per_page only together', async () => {
    const { sdk, project } = await startCloud();
    const list = (query: Record<string, string | number>) =>
      sdk({ method: 'GET', path: '/v3/projects', query });
    const expected = { projects: [{ id: project('cn-north-4').id, name: 'cn-north-4' }] };
    expect(await list({ name: 'cn-north-4' })).toMatchObject(expected);
    expect(await list({ page: 2, per_page: 2 })).toHaveProperty('projects.length', 1);
    expect(await refusalOf(list({ page: 1 }))).toMatchObject({ status: 400, code: 400 });
  });

  test('names own projects and own account', async () => {
    const { sdk, cloud } = await startCloud();
    expect(await sdk({ method: 'GET', path: '/v3/auth/projects' })).toHaveProperty('projects.length', 3);
    expect(await sdk({ method: 'GET', path: '/v3/auth/domains' })).toMatchObject({
      domains: [{ id: cloud.credentials.domainId }],
    });
  });

  test('refuses in its nested form', async () => {
    const { cloud, now } = await startCloud({ deniedActions: new Set(['iam:users:listUsers']) });
    const answer = await sendSigned(cloud, now(), { method: 'GET', path: '/v3/users' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.text)).toEqual({
      error: { code: 403, message: expect.any(String), title: 'Forbidden' },
    });
  });
});

test('STS says who signs', async () => {
  const { sdk, cloud } = await startCloud();
  expect(await sdk({ method: 'GET', path: '/v5/caller-identity' })).toMatchObject({
    account_id: cloud.credentials.domainId,
    principal_urn: `iam::${cloud.credentials.domainId}:user:revocation-bot`,
  });
});

describe('Identity Center', () => {
  test('names its region, its state and its identity store', async () => {
    const { sdk, instance, cloud } = await startCloud();
    expect(await sdk({ method: 'GET', path: '/v1/registered-regions' })).toMatchObject({
      regions: [{ region_id: cloud.region }],
    });
    expect(await sdk({ method: 'GET', path: '/v1/identity-center-service/status' })).toMatchObject({
      serviceStatus: 'ENABLED',
    });
    expect(await sdk({ method: 'GET', path: `${instance}/identity-store-associations` })).toMatchObject({
      identity_store_associations: [{ identity_store_id: cloud.identityStoreId }],
    });
  });

  test('describes permission sets, and filters them by id and name', async () => {
    const { sdk, instance, set } = await startCloud();
    const { permission_set_id } = set('DataScientist');
    const path = `${instance}/permission-sets`;
    const expected = { permission_set_id, name: 'DataScientist', session_duration: 'PT10H' };
    expect(await sdk({ method: 'GET', path: `${path}/${permission_set_id}` })).toMatchObject({
      permission_set: expected,
    });
    expect(await sdk({ method: 'GET', path, query: { name: 'DataScientist' } })).toMatchObject({
      permission_sets: [expected],
      page_info: { current_count: 1 },
    });
    expect(await sdk({ method: 'GET', path, query: { permission_set_id } })).toMatchObject({
      permission_sets: [expected],
      page_info: { current_count: 1 },
    });
    expect(await refusalOf(sdk({ method: 'GET', path: `${path}/unknown` }))).toMatchObject({
      code: 'IIC.1205',
    });
  });
});
