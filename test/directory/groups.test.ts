import { describe, expect, it } from 'vitest';
import { faultOf, openDirectory } from './room.ts';

const namesOf = (members: readonly { readonly userName: string }[] | 'unknown') =>
  members === 'unknown' ? members : members.map(({ userName }) => userName).toSorted();

describe('the groups of a user', () => {
  it('are all named, over every page', async () => {
    const { directory, user, group } = await openDirectory({}, { shortPages: 1 });
    const groups = await directory.groupsOf(user('mallory.finch').user_id);
    expect(groups.toSorted((one, other) => (one.displayName < other.displayName ? -1 : 1))).toEqual([
      { id: group('data-science').group_id, displayName: 'data-science' },
      { id: group('night-shift').group_id, displayName: 'night-shift' },
    ]);
  });

  it('go by their id when the group has gone meanwhile', async () => {
    const { directory, organisation, user } = await openDirectory();
    const { user_id } = user('trent.osei');
    organisation.memberships.push({ membership_id: 'm-1', group_id: 'gone', user_id });
    expect(await directory.groupsOf(user_id)).toContainEqual({ id: 'gone', displayName: 'gone' });
  });

  it('are a fault when they cannot be read', async () => {
    const { directory, user, refuse } = await openDirectory();
    refuse('ListGroupMembershipsForMember', 403, 'IIC.1000');
    expect((await faultOf(directory.groupsOf(user('alice').user_id))).status).toBe(403);
  });
});

describe('the members of a group', () => {
  it('come with user names and e-mails', async () => {
    const { directory, group, user } = await openDirectory({}, { shortPages: 2 });
    const members = await directory.membersOf(group('night-shift').group_id);
    expect(namesOf(members)).toEqual(['felix.baumann', 'mallory.finch', 'nadia.rossi']);
    expect(members).toContainEqual({
      id: user('mallory.finch').user_id,
      userName: 'mallory.finch',
      displayName: 'Mallory Finch',
      emails: ['mallory@example.com'],
    });
  });

  it('are named in questions of at most 100', async () => {
    const { directory, organisation, group, user, local } = await openDirectory();
    const { group_id } = group('night-shift');
    for (let index = 0; index < 200; index += 1) {
      const user_id = `extra-${index}`;
      organisation.users.push({ ...user('alice'), user_id, user_name: user_id });
      organisation.memberships.push({ membership_id: `m-${index}`, group_id, user_id });
    }
    expect(await directory.membersOf(group_id)).toHaveLength(203);
    expect(local.calls.all.filter((call) => call.operation === 'DescribeUsers')).toHaveLength(3);
  });

  it('are named from the listing where the question for many is refused', async () => {
    const { directory, group, refuse } = await openDirectory();
    refuse('DescribeUsers', 403, 'IIC.1000');
    const members = await directory.membersOf(group('night-shift').group_id);
    expect(namesOf(members)).toEqual(['felix.baumann', 'mallory.finch', 'nadia.rossi']);
  });

  it('are unknown when they cannot be read, and that is logged', async () => {
    const { directory, group, refuse, log } = await openDirectory();
    refuse('ListGroupMemberships', 403, 'IIC.1000');
    expect(await directory.membersOf(group('night-shift').group_id)).toBe('unknown');
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('are unknown when none of them can be named', async () => {
    const { directory, group, refuse } = await openDirectory();
    refuse('DescribeUsers', 403, 'IIC.1000');
    refuse('ListUsers', 403, 'IIC.1000');
    expect(await directory.membersOf(group('night-shift').group_id)).toBe('unknown');
  });

  it('are unknown when one of them is not known', async () => {
    const { directory, organisation, group, log } = await openDirectory();
    const { group_id } = group('night-shift');
    organisation.memberships.push({ membership_id: 'm-1', group_id, user_id: 'ghost' });
    expect(await directory.membersOf(group_id)).toBe('unknown');
    expect(log.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({ strangers: ['ghost'] });
  });

  it('may be nobody', async () => {
    const { directory, organisation, group } = await openDirectory();
    organisation.groups.push({ ...group('night-shift'), group_id: 'g-empty' });
    expect(await directory.membersOf('g-empty')).toEqual([]);
  });
});
