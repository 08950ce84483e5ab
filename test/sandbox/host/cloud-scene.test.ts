import { describe, expect, test } from 'vitest';
import { cloudScene } from '../../../src/sandbox/host/cloud-scene.ts';
import { type Started, startCloud, trentsGrant } from '../cloud/harness.ts';
import { sendSigned } from '../cloud/official-sdk.ts';

const ofUser = (started: Started, name: string) =>
  cloudScene(started.cloud, { type: 'USER', id: started.user(name).user_id }).principal;

const ofGroup = (started: Started, name: string) =>
  cloudScene(started.cloud, { type: 'GROUP', id: started.group(name).group_id }).principal;

describe('the principals to choose from', () => {
  test('are all users by name and then all groups by name', async () => {
    const { cloud } = await startCloud();
    const { principals } = cloudScene(cloud, undefined);
    const names = (type: string) => principals.filter((one) => one.type === type).map(({ name }) => name);
    expect(principals.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 40 }, () => 'USER'),
      ...Array.from({ length: 8 }, () => 'GROUP'),
    ]);
    expect(names('USER')).toEqual(names('USER').toSorted((a, b) => a.localeCompare(b, 'en')));
    expect(names('GROUP')).toEqual(names('GROUP').toSorted((a, b) => a.localeCompare(b, 'en')));
    expect(principals).toContainEqual(
      expect.objectContaining({ name: 'zoe.mueller', displayName: 'Zoë Müller' }),
    );
  });
});

describe('the chosen principal', () => {
  test('is nobody until somebody is chosen', async () => {
    const { cloud } = await startCloud();
    expect(cloudScene(cloud, undefined).principal).toBeNull();
  });

  test.each(['USER', 'GROUP'] as const)('is nobody when there is no such %s', async (type) => {
    const { cloud } = await startCloud();
    expect(cloudScene(cloud, { type, id: 'nobody' }).principal).toBeNull();
  });

  test('is not found under the other type', async () => {
    const { cloud, user } = await startCloud();
    expect(cloudScene(cloud, { type: 'GROUP', id: user('alice').user_id }).principal).toBeNull();
  });

  test('a user has grants of their own, grants through groups, and groups', async () => {
    const principal = ofUser(await startCloud(), 'mallory.finch');
    expect(principal).toMatchObject({
      type: 'USER',
      name: 'mallory.finch',
      displayName: 'Mallory Finch',
      enabled: true,
      memberships: ['data-science', 'night-shift'],
    });
    expect(principal?.grants.map(({ account, permissionSet }) => [account, permissionSet])).toEqual([
      ['prod-payments', 'AdministratorAccess'],
      ['prod-payments', 'DatabaseOperator'],
      ['prod-core', 'PowerUser'],
      ['prod-core', 'ReadOnlyAccess'],
      ['data-lake', 'DataScientist'],
    ]);
    expect(
      principal?.throughGroups.map(({ group, account, permissionSet }) => [group, account, permissionSet]),
    ).toEqual([
      ['data-science', 'data-lake', 'DataScientist'],
      ['data-science', 'ml-research', 'DataScientist'],
      ['data-science', 'sandbox-lab', 'PowerUser'],
      ['night-shift', 'prod-core', 'SupportTickets'],
      ['night-shift', 'prod-storefront', 'SupportTickets'],
    ]);
  });

  test('a user does not have what a group of the same id has', async () => {
    const started = await startCloud();
    const { organisation } = started.cloud;
    const [grant] = organisation.assignments;
    if (grant === undefined) throw new Error('the seed has no grant');
    const principal_id = started.user('lobby.kiosk').user_id;
    organisation.assignments.push({ ...grant, principal_id, principal_type: 'GROUP' });
    expect(ofUser(started, 'lobby.kiosk')?.grants).toEqual([]);
  });

  test('a user has portal sessions', async () => {
    const started = await startCloud();
    const hour = 3_600_000;
    expect(ofUser(started, 'trent.osei')?.sessions).toEqual([
      {
        id: expect.any(String),
        since: started.now() - 3 * hour,
        until: started.now() + 6 * hour,
        address: '203.0.113.12',
        agent: 'Mozilla/5.0 (X11; Linux x86_64)',
      },
    ]);
  });

  test('a user can be disabled', async () => {
    expect(ofUser(await startCloud(), 'dmitri.volkov')).toMatchObject({ enabled: false });
  });

  test('a group has its own grants and its members, and nothing that only users have', async () => {
    const principal = ofGroup(await startCloud(), 'contractors');
    expect(principal).toMatchObject({
      type: 'GROUP',
      name: 'contractors',
      enabled: true,
      throughGroups: [],
      memberships: ['trent.osei', 'chloe.dubois', 'ravi.patel'],
      sessions: [],
    });
    expect(principal?.grants).toMatchObject([{ account: 'dev-shared', permissionSet: 'SupportTickets' }]);
  });

  test('all keys of grants are different, and those that stay keep theirs when others go', async () => {
    const started = await startCloud();
    const { cloud, now, instance, pass } = started;
    const keys = () => {
      const principal = ofUser(started, 'trent.osei');
      return [...(principal?.grants ?? []), ...(principal?.throughGroups ?? [])].map(({ key }) => key);
    };
    const before = keys();
    expect(new Set(before).size).toBe(3);
    const path = `${instance}/account-assignments/delete`;
    await sendSigned(cloud, now(), { method: 'POST', path, body: trentsGrant(started) });
    expect(keys()).toEqual(before);
    pass(cloud.switches.deletionDelayMs);
    expect(keys()).toEqual(before.slice(1));
  });
});

describe('the ModelArts projects', () => {
  test('show all entries, whoever they are for', async () => {
    const { projects } = cloudScene((await startCloud()).cloud, undefined);
    expect(
      projects.map(({ name, account, entries }) => [
        name,
        account,
        entries.map(({ user, through }) => `${user}: ${through}`),
      ]),
    ).toEqual([
      [
        'cn-north-4',
        'ml-research',
        [
          'mallory.finch: agency modelarts_agency',
          'liu.yang: agency modelarts_agency',
          'amara.diallo: agency modelarts_agency',
          'training-pipeline: agency modelarts_agency',
          'all-users: agency ma_agency_everyone',
        ],
      ],
      [
        'cn-north-4_vision',
        'ml-research',
        [
          'liu.yang: agency modelarts_agency',
          'aisha.bello: agency modelarts_agency',
          'mallory.finch: agency modelarts_agency',
          'federated-partner: agency ma_agency_partner',
        ],
      ],
      [
        'ap-southeast-3',
        'data-lake',
        [
          'wang.fang: agency modelarts_agency',
          'francois.lefevre: agency modelarts_agency',
          'forecast-batch: access key',
        ],
      ],
    ]);
    const keys = projects.flatMap(({ entries }) => entries.map(({ key }) => key));
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('tell neither the key nor the secret of an authorization by access key', async () => {
    const { cloud } = await startCloud();
    const key = cloud.organisation.authorizations.find(({ type }) => type === 'credential');
    const told = JSON.stringify(cloudScene(cloud, undefined));
    expect(key?.secret_key).toMatch(/\S/);
    expect(told).not.toContain(key?.secret_key);
    expect(told).not.toContain(key?.content);
    expect(told).not.toContain(cloud.credentials.sk);
  });
});

describe('the calls', () => {
  test('carry what was asked and what was answered, oldest first', async () => {
    const started = await startCloud();
    const { cloud, now, instance } = started;
    const path = `${instance}/account-assignments/delete`;
    await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' });
    await sendSigned(cloud, now(), {
      method: 'POST',
      path,
      body: { ...trentsGrant(started), principal_id: 'x' },
    });
    cloud.switches.outage = true;
    await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' }).catch(() => undefined);
    const { calls, callCount } = cloudScene(cloud, undefined);
    expect(callCount).toBe(3);
    expect(calls).toEqual([
      {
        number: 1,
        at: now(),
        method: 'GET',
        path: '/v1/instances',
        operation: 'ListInstances',
        status: 200,
        durationMs: expect.any(Number),
        changes: false,
        requestId: cloud.calls.all[0]?.requestId,
      },
      expect.objectContaining({
        number: 2,
        method: 'POST',
        path,
        operation: 'DeleteAccountAssignment',
        status: 404,
        code: 'IIC.404',
        changes: true,
      }),
      expect.objectContaining({ number: 3, status: null }),
    ]);
  });

  test('are the newest 200, and all are counted', async () => {
    const { cloud, now } = await startCloud();
    for (let sent = 0; sent < 203; sent += 1) {
      await sendSigned(cloud, now(), { method: 'GET', path: '/v1/instances' });
    }
    const { calls, callCount } = cloudScene(cloud, undefined);
    expect(callCount).toBe(203);
    expect([calls.length, calls[0]?.number, calls.at(-1)?.number]).toEqual([200, 4, 203]);
    expect(calls.at(-1)?.requestId).toBe(cloud.calls.all.at(-1)?.requestId);
  });
});
