import { describe, expect, test } from 'vitest';
import { sameAssignment } from '../../../src/sandbox/cloud/organisation.ts';
import { seedOrganisation } from '../../../src/sandbox/cloud/seed.ts';
import { startCloud } from './harness.ts';

const now = Date.UTC(2026, 10, 22);
const seed = seedOrganisation(now);

test('the seed is the same every time, and a copy of its own', () => {
  const other = seedOrganisation(now);
  expect(other).toEqual(seed);
  other.users.length = 0;
  expect(seedOrganisation(now).users.length).toBe(40);
});

test('sizes are those of a middling company', () => {
  expect({
    users: seed.users.length,
    groups: seed.groups.length,
    accounts: seed.accounts.length,
    permissionSets: seed.permissionSets.length,
    assignments: seed.assignments.length,
    projects: seed.projects.length,
  }).toEqual({ users: 40, groups: 8, accounts: 12, permissionSets: 9, assignments: 84, projects: 3 });
});

describe('ids', () => {
  test('have the documented forms', async () => {
    const { cloud } = await startCloud();
    expect(cloud.instanceId).toMatch(/^ins-[0-9a-f]{16}$/);
    expect(cloud.identityStoreId).toMatch(/^d-[0-9a-f]{10}$/);
    for (const id of [...seed.users.map((user) => user.user_id), ...seed.groups.map((one) => one.group_id)])
      expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    for (const { id } of [...seed.accounts, ...seed.projects, ...seed.iamUsers])
      expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  test('are all different, and every reference leads somewhere', () => {
    const people = new Set(seed.users.map((user) => user.user_id));
    const groups = new Set(seed.groups.map((group) => group.group_id));
    const accounts = new Set(seed.accounts.map((account) => account.id));
    const sets = new Set(seed.permissionSets.map((one) => one.permission_set_id));
    expect([people.size, groups.size, accounts.size, sets.size]).toEqual([40, 8, 12, 9]);
    expect(new Set(seed.users.map((user) => user.user_name)).size).toBe(40);
    for (const row of seed.assignments) {
      expect((row.principal_type === 'USER' ? people : groups).has(row.principal_id)).toBe(true);
      expect([accounts.has(row.account_id), sets.has(row.permission_set_id)]).toEqual([true, true]);
    }
    for (const row of seed.memberships)
      expect([people.has(row.user_id), groups.has(row.group_id)]).toEqual([true, true]);
    for (const { account_id } of seed.projects) expect(accounts.has(account_id)).toBe(true);
    const principals = new Set(seed.iamUsers.map((user) => user.id));
    for (const row of seed.authorizations)
      expect(row.user_id === undefined || row.user_id === 'all-users' || principals.has(row.user_id)).toBe(
        true,
      );
  });

  test('name no grant twice', () => {
    for (const row of seed.assignments)
      expect(seed.assignments.filter((other) => sameAssignment(row, other))).toHaveLength(1);
  });
});

describe('the people of the stories', () => {
  const user = (name: string) => seed.users.find((one) => one.user_name === name);
  const grants = (name: string) => seed.assignments.filter((row) => row.principal_id === user(name)?.user_id);
  const groups = (name: string) => seed.memberships.filter((row) => row.user_id === user(name)?.user_id);

  test('mallory.finch has 5 grants over 3 accounts, 2 groups and 2 sessions', () => {
    expect(user('mallory.finch')).toMatchObject({
      display_name: 'Mallory Finch',
      emails: [{ value: 'mallory@example.com' }],
    });
    expect(grants('mallory.finch')).toHaveLength(5);
    expect(new Set(grants('mallory.finch').map((row) => row.account_id)).size).toBe(3);
    expect(groups('mallory.finch')).toHaveLength(2);
    expect(seed.sessions.filter((one) => one.user_id === user('mallory.finch')?.user_id)).toHaveLength(2);
  });

  test('one of her groups repeats one of her grants', () => {
    const repeated = grants('mallory.finch').filter((own) =>
      groups('mallory.finch').some(({ group_id }) =>
        seed.assignments.some((row) =>
          sameAssignment(row, { ...own, principal_id: group_id, principal_type: 'GROUP' }),
        ),
      ),
    );
    expect(repeated).toHaveLength(1);
  });

  test('trent.osei has two grants, so that one stays when the other goes', () => {
    expect(grants('trent.osei')).toHaveLength(2);
  });

  test.each(['alice', 'bob', 'carol'])('%s has the e-mail of the Slack persona', (name) => {
    expect(user(name)?.emails[0]?.value).toBe(`${name}@example.com`);
  });
});

test('the awkward cases are there', () => {
  const count = (name: string) => seed.users.filter((user) => user.display_name === name).length;
  expect(count('Wei Chen')).toBe(2);
  expect(seed.users.filter((user) => user.emails.length === 0)).toHaveLength(1);
  expect(seed.users.filter((user) => !user.enabled)).toHaveLength(1);
  expect(seed.users.filter((user) => /\p{Script=Han}/u.test(user.display_name))).toHaveLength(4);
  const sizes = seed.groups.map(
    (group) => seed.memberships.filter((row) => row.group_id === group.group_id).length,
  );
  expect(Math.max(...sizes)).toBeGreaterThan(5);
  expect(Math.min(...sizes)).toBe(0);
  expect(seed.projects.map((project) => project.region).toSorted()).toEqual([
    'ap-southeast-3',
    'cn-north-4',
    'cn-north-4',
  ]);
});
