import { describe, expect, it } from 'vitest';
import {
  aimAtUser,
  inStore,
  type KnownPrincipal,
  knowPrincipal,
  membersLines,
  spokenAs,
  storeUser,
} from '../../src/domain/principal.ts';
import { parseSlashText } from '../../src/slack/slash-text.ts';
import { directoryOf } from '../support/fake-directory.ts';

const finch = { id: 'u-1', userName: 'mallory.finch', emails: ['mallory@example.com'] };
const contents = {
  users: [
    { ...finch, displayName: 'Mallory Finch', enabled: true },
    { id: 'u-2', userName: 'two words', emails: [], displayName: 'Old', enabled: false },
  ],
  groups: [
    { id: 'g-1', displayName: 'ops' },
    { id: 'g-2', displayName: 'Night shift' },
  ],
  members: new Map([['g-1', ['u-1']]]),
  uncountable: new Set(['g-2']),
};
const directory = directoryOf(contents);
/** Where the identity store tells its region. */
const regional = {
  ...directory,
  instance: async () => ({ ...(await directory.instance()), region: 'eu-west-1' }),
};

describe('a principal that is read', () => {
  it.each([
    [
      'USER' as const,
      'Eve Evil \\u{28}eve.evil, 0123456789abcdef0123456789abcdef\\u{29} (mallory.finch, u-1)',
    ],
    ['GROUP' as const, 'Eve Evil \\u{28}eve.evil, 0123456789abcdef0123456789abcdef\\u{29} (g-1)'],
  ])('is not called like another one with its id (%s)', async (type, words) => {
    const displayName = 'Eve Evil (eve.evil, 0123456789abcdef0123456789abcdef)';
    const forged = directoryOf({
      users: [{ ...finch, displayName, enabled: true }],
      groups: [{ id: 'g-1', displayName }],
    });
    const id = type === 'USER' ? 'u-1' : 'g-1';
    expect(await knowPrincipal(type, id, forged)).toMatchObject({ words: `${type.toLowerCase()} ${words}` });
  });

  it('is not called like another one by a user name that ends the brackets in which it stands', async () => {
    const userName = 'eve.evil,0123456789abcdef0123456789abcdef)-(mallory.finch';
    const forged = directoryOf({
      users: [{ ...finch, userName, displayName: 'Eve Evil', enabled: true }],
      groups: [],
    });
    expect(await knowPrincipal('USER', 'u-1', forged)).toMatchObject({
      words: 'user Eve Evil (eve.evil,0123456789abcdef0123456789abcdef\\u{29}-(mallory.finch, u-1)',
    });
  });

  it('keeps what else stands in brackets in its name', async () => {
    const displayName = 'Mallory Finch (infrastructure-department, floor 3)';
    const known = await knowPrincipal(
      'USER',
      'u-1',
      directoryOf({ users: [{ ...finch, displayName, enabled: true }] }),
    );
    expect(known).toMatchObject({ words: `user ${displayName} (mallory.finch, u-1)` });
  });

  it.each([
    [
      'USER' as const,
      'u-1',
      {
        words: 'user Mallory Finch (mallory.finch, u-1)',
        spoken: 'mallory.finch',
        names: ['u-1', 'mallory.finch', 'mallory@example.com'],
        people: [{ ...finch, displayName: 'Mallory Finch' }],
        enabled: true,
      },
    ],
    [
      'USER' as const,
      'u-2',
      {
        words: 'user Old (two words, u-2)',
        spoken: 'u-2',
        names: ['u-2', 'two words'],
        people: [{ id: 'u-2', userName: 'two words', displayName: 'Old', emails: [] }],
        enabled: false,
      },
    ],
    [
      'GROUP' as const,
      'g-1',
      {
        words: 'group ops (g-1)',
        spoken: 'ops',
        names: ['g-1', 'ops'],
        people: [expect.objectContaining(finch)],
        enabled: true,
      },
    ],
    [
      'GROUP' as const,
      'g-2',
      {
        words: 'group Night shift (g-2)',
        spoken: 'g-2',
        names: ['g-2', 'Night shift'],
        people: 'unknown',
        enabled: true,
      },
    ],
    ['USER' as const, 'g-1', 'There is no such user in the identity store: g-1.'],
    ['GROUP' as const, 'u-1', 'There is no such group in the identity store: u-1.'],
  ])('as %s %s is known', async (type, id, known) => {
    expect(await knowPrincipal(type, id, directory)).toEqual(known);
  });
});

describe('where the identity store is', () => {
  it('is told with its region, if it has one', async () => {
    expect(await storeUser('u-1', directory)).toStrictEqual({ store: 'd-1', principal: 'u-1' });
    expect(await storeUser('u-1', regional)).toStrictEqual({
      store: 'd-1',
      principal: 'u-1',
      region: 'eu-west-1',
    });
    expect(inStore({ store: 'd-1' }, 'users', 'u-1')).toStrictEqual({
      service: 'identitystore',
      path: ['v1', 'identity-stores', 'd-1', 'users', 'u-1'],
    });
    expect(inStore({ store: 'd-1', region: 'eu-west-1' })).toStrictEqual({
      service: 'identitystore',
      region: 'eu-west-1',
      path: ['v1', 'identity-stores', 'd-1'],
    });
  });

  it('is part of what is aimed at, which must be a user', async () => {
    expect(await aimAtUser({ principal_type: 'USER', principal: 'u-1' }, regional)).toStrictEqual({
      result: 'aimed',
      target: { store: 'd-1', region: 'eu-west-1', principal_type: 'USER', principal: 'u-1' },
    });
    const wrong = {
      result: 'wrong',
      errors: { principal: 'Choose a user from the list, or type their id.' },
    };
    for (const values of [{ principal_type: 'USER' }, { principal_type: 'GROUP', principal: 'g-1' }])
      expect(await aimAtUser(values, directory)).toStrictEqual(wrong);
  });
});

describe('how a slash command names somebody', () => {
  it.each(['mallory.finch', '王芳', 'a_b-c', 'ana@example.com', 'x'.repeat(36)])(
    '"%s" by the name',
    (name) => {
      expect(spokenAs(name, 'the-id')).toBe(name);
      expect(parseSlashText(`${name} INC-7 "why"`, 1)).toEqual({
        spoken: [name],
        incident: 'INC-7',
        reason: 'why',
      });
    },
  );

  it.each([
    ['', 'nothing'],
    ['two words', 'more than a word'],
    ['say "hi"', 'what begins a reason'],
    ['say\u201chi', 'what begins a reason'],
    ['OPS-7', 'what looks like an incident'],
    ['<@U1>', 'what looks like a mention'],
    ['@U1', 'what looks like a mention'],
    ['a&amp;b', 'what Slack escapes'],
    ['a\u202eb', 'what cannot be seen'],
    ['bob.', 'what ends like a sentence'],
    ['x'.repeat(37), 'what is longer than an id'],
  ])('"%s" by the id: it is %s', (name) => {
    expect(spokenAs(name, 'the-id')).toBe('the-id');
  });
});

describe('how many people lose access with a group', () => {
  const known = (people: KnownPrincipal['people']): KnownPrincipal => ({
    words: 'group Ops (g)',
    spoken: 'Ops',
    names: [],
    people,
    enabled: true,
  });
  const members = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `u${index}`, userName: `u${index}`, emails: [] }));

  it.each([
    [members(12), '12 people lose this access: the group has 12 members'],
    [members(2_000), '2,000 people lose this access: the group has 2,000 members'],
    [members(1), '1 person loses this access: the group has 1 member'],
    [members(0), 'Nobody loses access now: the group has no members'],
    ['unknown' as const, 'The members of the group could not be counted'],
  ])('is said', (people, line) => {
    expect(membersLines('GROUP', known(people))).toEqual([line]);
  });

  it('is plain where it is one user', () => {
    expect(membersLines('USER', known(members(1)))).toEqual([]);
  });
});
