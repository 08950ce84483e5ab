import { describe, expect, it } from 'vitest';
import type { Directory } from '../../src/domain/ports.ts';
import { faultOf, openDirectory } from './room.ts';

type Room = Awaited<ReturnType<typeof openDirectory>>;

interface Question {
  readonly what: string;
  readonly ask: (directory: Directory, id: string) => Promise<unknown>;
  readonly operation: string;
  readonly known: (room: Room) => readonly [id: string, answer: object];
}

const questions: readonly Question[] = [
  {
    what: 'user',
    ask: (directory, id) => directory.user(id),
    operation: 'DescribeUser',
    known: ({ user }) => {
      const id = user('mallory.finch').user_id;
      return [
        id,
        {
          id,
          userName: 'mallory.finch',
          displayName: 'Mallory Finch',
          emails: ['mallory@example.com'],
          enabled: true,
        },
      ];
    },
  },
  {
    what: 'group',
    ask: (directory, id) => directory.group(id),
    operation: 'DescribeGroup',
    known: ({ group }) => {
      const id = group('night-shift').group_id;
      return [id, { id, displayName: 'night-shift' }];
    },
  },
  {
    what: 'account',
    ask: (directory, id) => directory.account(id),
    operation: 'DescribeAccount',
    known: ({ account }) => {
      const { id } = account('prod-core');
      return [id, { id, name: 'prod-core' }];
    },
  },
  {
    what: 'permission set',
    ask: (directory, id) => directory.permissionSet(id),
    operation: 'DescribePermissionSet',
    known: ({ set }) => {
      const id = set('PowerUser').permission_set_id;
      return [id, { id, name: 'PowerUser', sessionDuration: 'PT4H' }];
    },
  },
];

describe.each(questions)('a $what asked for by its exact id', ({ ask, operation, known }) => {
  it('is read from the cloud every time', async () => {
    const room = await openDirectory();
    const [id, answer] = known(room);
    expect(await ask(room.directory, id)).toMatchObject(answer);
    await ask(room.directory, id);
    expect(room.operations().filter((name) => name === operation)).toHaveLength(2);
  });

  it('is undefined when the cloud says that there is none', async () => {
    const { directory } = await openDirectory();
    expect(await ask(directory, '00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  it.each(['', '../users', 'a b', 'x'.repeat(65), 'a%2fb'])(
    'is undefined without a call for %j',
    async (id) => {
      const { directory, operations } = await openDirectory();
      expect(await ask(directory, id)).toBeUndefined();
      expect(operations()).toEqual([]);
    },
  );

  it.each([
    [400, 'IIC.400'],
    [404, 'APIGW.0101'],
    [404, 'IIC.1254'],
    [409, 'IIC.1210'],
  ])('is a fault when the cloud answers %i %s, which says nothing about it', async (status, code) => {
    const room = await openDirectory();
    const [id] = known(room);
    room.refuse(operation, status, code);
    expect(await faultOf(ask(room.directory, id))).toMatchObject({ status, code });
  });

  it.each([
    ['a page of HTML', '<html><body>404 Not Found</body></html>'],
    ['nothing', undefined],
    ["a proxy's JSON", { code: 404, message: 'Not Found' }],
  ])('is a fault when the answer is a 404 with %s, which need not be of the cloud', async (_, body) => {
    const room = await openDirectory();
    const [id] = known(room);
    room.switches.faults.push({
      match: (call) => call.operation === operation,
      times: 1,
      act: { kind: 'status', status: 404, body },
    });
    expect(await faultOf(ask(room.directory, id))).toMatchObject({ family: 'refused', status: 404 });
  });

  it.each([
    [404, 'IdentityCenter.1205'],
    [400, 'IIC.1210'],
    [404, 'ORG.0404'],
  ])('is undefined when the cloud answers %i %s', async (status, code) => {
    const room = await openDirectory();
    const [id] = known(room);
    room.refuse(operation, status, code);
    expect(await ask(room.directory, id)).toBeUndefined();
  });

  it('is taken from the whole listing where the bot may not describe', async () => {
    const room = await openDirectory({}, { shortPages: 3 });
    const [id, answer] = known(room);
    room.refuse(operation, 403, 'IIC.1000', 2);
    expect(await ask(room.directory, id)).toMatchObject(answer);
    expect(await ask(room.directory, '00000000-0000-4000-8000-000000000000')).toBeUndefined();
  });

  it('is a fault when the cloud answers with another one', async () => {
    const room = await openDirectory();
    const [id] = known(room);
    room.switches.faults.push({
      match: (call) => call.operation === operation,
      times: 1,
      act: {
        kind: 'status',
        status: 200,
        body: {
          user_id: 'other',
          user_name: 'other',
          group_id: 'other',
          account: { id: 'other' },
          permission_set: { permission_set_id: 'other' },
        },
      },
    });
    expect((await faultOf(ask(room.directory, id))).family).toBe('unexpected-answer');
  });
});

describe.each(questions.filter(({ what }) => what !== 'account'))('a $what that exists', ({ ask, known }) => {
  it('is not said to be none when the cloud does not tell where to ask', async () => {
    const room = await openDirectory();
    const [id, answer] = known(room);
    room.refuse('ListInstances', 404, 'IIC.1205');
    expect(await faultOf(ask(room.directory, id))).toMatchObject({ status: 404 });
    expect(await ask(room.directory, id)).toMatchObject(answer);
  });
});

describe('a user', () => {
  it('may lack everything but id and user name', async () => {
    const { directory, switches } = await openDirectory();
    switches.faults.push({
      match: (call) => call.operation === 'DescribeUser',
      times: 1,
      act: { kind: 'status', status: 200, body: { user_id: 'u-1', user_name: 'eve', emails: null } },
    });
    expect(await directory.user('u-1')).toEqual({
      id: 'u-1',
      userName: 'eve',
      displayName: 'eve',
      enabled: true,
      emails: [],
    });
  });
});

describe('words for an id', () => {
  it('are name and id, from one listing for many', async () => {
    const { directory, account, set, operations } = await openDirectory();
    const accounts = [account('prod-core').id, account('staging').id];
    const words = await Promise.all(accounts.map((id) => directory.wordsFor('account', id)));
    expect(words).toEqual([`prod-core (${accounts[0]})`, `staging (${accounts[1]})`]);
    expect(operations()).toEqual(['ListAccounts']);
    const { permission_set_id: id } = set('BillingViewer');
    expect(await directory.wordsFor('permission-set', id)).toBe(`BillingViewer (${id})`);
  });

  it('include what is younger than the listing', async () => {
    const { directory, organisation } = await openDirectory();
    await directory.wordsFor('account', 'x');
    const [first] = organisation.accounts;
    if (first !== undefined) organisation.accounts.push({ ...first, id: 'f'.repeat(32), name: 'brand-new' });
    expect(await directory.wordsFor('account', 'f'.repeat(32))).toBe(`brand-new (${'f'.repeat(32)})`);
  });

  it('are the bare id when there is no name or nobody can be asked', async () => {
    const { directory, switches, account } = await openDirectory();
    expect(await directory.wordsFor('account', 'nobody')).toBe('nobody');
    switches.outage = true;
    expect(await directory.wordsFor('permission-set', account('staging').id)).toBe(account('staging').id);
  });
});
