import { describe, expect, it } from 'vitest';
import { faultOf, openDirectory } from './room.ts';

const USER = { principal_type: 'USER' };
const GROUP = { principal_type: 'GROUP' };

describe('type-ahead for users', () => {
  it('shows name, user name and e-mail, and says who is disabled', async () => {
    const { directory, user } = await openDirectory({}, { shortPages: 7 });
    expect(await directory.suggest('principal', USER, 'mallory', 10)).toEqual({
      choices: [
        { id: user('mallory.finch').user_id, words: 'Mallory Finch (mallory.finch, mallory@example.com)' },
      ],
      more: false,
    });
    const { choices } = await directory.suggest('principal', USER, 'dmitri', 10);
    expect(choices).toMatchObject([{ detail: 'disabled' }]);
  });

  it('tells people with the same name apart', async () => {
    const { directory } = await openDirectory();
    const { choices } = await directory.suggest('principal', USER, 'Wei Chen', 10);
    expect(choices.map(({ words }) => words)).toEqual([
      'Wei Chen (wei.chen, wei.chen@example.com)',
      'Wei Chen (wei.chen2, wei.chen2@example.com)',
    ]);
  });

  it('shows somebody once whom the cloud finds by the whole e-mail and by a part of it', async () => {
    const { directory, user } = await openDirectory({}, { userNameMatch: 'fuzzy' });
    const mallory = user('mallory.finch');
    mallory.user_name = 'mallory@example.com';
    const { choices } = await directory.suggest('principal', USER, 'mallory@example.com', 10);
    expect(choices.map(({ id }) => id)).toEqual([mallory.user_id]);
  });

  it('gives the first ones of the alphabet for no text, and says that there are more', async () => {
    const { directory } = await openDirectory();
    const { choices, more } = await directory.suggest('principal', USER, '', 2);
    expect(choices.map(({ words }) => words.split(' (')[0])).toEqual(['Aisha Bello', 'Alice Moreau']);
    expect(more).toBe(true);
  });

  it('gives nothing until it is known whether a user or a group is meant', async () => {
    const { directory, operations } = await openDirectory();
    expect(await directory.suggest('principal', {}, 'alice', 5)).toEqual({ choices: [], more: false });
    expect(operations()).toEqual([]);
  });
});

describe('type-ahead for the rest', () => {
  it('shows groups, accounts and permission sets with their ids', async () => {
    const { directory, group, account, set } = await openDirectory();
    const first = async (...[lookup, context, text]: Parameters<typeof directory.resolve>) =>
      (await directory.suggest(lookup, context, text, 1)).choices[0];
    const { group_id } = group('night-shift');
    expect(await first('principal', GROUP, 'night')).toEqual({
      id: group_id,
      words: `night-shift (${group_id})`,
    });
    const { id } = account('legacy-erp');
    expect(await first('account', {}, 'erp')).toEqual({
      id,
      words: `legacy-erp (${id})`,
      detail: 'suspended',
    });
    const { permission_set_id } = set('PowerUser');
    expect(await first('permission-set', {}, 'poweruser')).toEqual({
      id: permission_set_id,
      words: `PowerUser (${permission_set_id})`,
    });
  });

  it('offers a project its users with an authorization and all IAM users, each once, and not everybody', async () => {
    const { directory, project, iamUser } = await openDirectory();
    const context = { project: project('cn-north-4').id };
    const { choices } = await directory.suggest('modelarts-user', context, '', 100);
    expect(choices).toHaveLength(10);
    const mallory = iamUser('mallory.finch', 'ml-research');
    expect(choices).toContainEqual({ id: mallory.id, words: `mallory.finch (${mallory.id})` });
    const bello = iamUser('aisha.bello', 'ml-research');
    expect(choices).toContainEqual({
      id: bello.id,
      words: `aisha.bello (${bello.id})`,
      detail: 'no authorization of its own in this project',
    });
    expect(choices.map(({ id }) => id)).not.toContain('all-users');
  });

  it('offers what one of the two listings has, and without both what it knew', async () => {
    const { directory, project, refuse, clock } = await openDirectory();
    const context = { project: project('cn-north-4').id };
    const count = async () => (await directory.suggest('modelarts-user', context, '', 100)).choices.length;
    refuse('ListUsersV5', 403, 'PAP5.0403');
    expect(await count()).toBe(4);
    clock.advance(60_000);
    refuse('GetAuthorizations', 403, 'ModelArts.0105');
    expect(await count()).toBe(10);
    clock.advance(60_000);
    refuse('ListUsersV5', 403, 'PAP5.0403');
    refuse('GetAuthorizations', 403, 'ModelArts.0105');
    expect(await directory.suggest('modelarts-user', context, '', 100)).toMatchObject({
      choices: { length: 10 },
      notes: ['This list is 1 min old: the cloud cannot be read now.'],
    });
  });

  it('offers nobody for a project that is not configured', async () => {
    const { directory } = await openDirectory({ projects: [] });
    expect(await directory.suggest('modelarts-user', { project: 'p' }, '', 5)).toEqual({
      choices: [],
      more: false,
    });
  });
});

describe('what a text names', () => {
  it.each([
    ['an e-mail', 'Mallory@Example.com'],
    ['a user name', 'mallory.finch'],
    ['a name', 'mallory finch'],
    ['a part of a name', 'mallor'],
  ])('is found by %s', async (_what, text) => {
    const { directory, user } = await openDirectory();
    const found = await directory.resolve('principal', USER, text);
    expect(found.map(({ id }) => id)).toEqual([user('mallory.finch').user_id]);
  });

  it('is found by an id, though the listing is older', async () => {
    const { directory, organisation, user } = await openDirectory();
    await directory.suggest('principal', USER, '', 1);
    organisation.users.push({ ...user('alice'), user_id: 'fresh-id', user_name: 'fresh.name' });
    for (const text of ['fresh-id', 'fresh.name']) {
      expect(await directory.resolve('principal', USER, text)).toMatchObject([{ id: 'fresh-id' }]);
    }
  });

  it.each([
    ['whose e-mail ends with it', 'bello@research.example.com'],
    ['whose e-mail begins with it', 'mallory@example.co'],
  ])('is not the only one %s, because a whole e-mail names one person or nobody', async (_whose, email) => {
    const { directory } = await openDirectory();
    expect(await directory.resolve('principal', USER, email)).toEqual([]);
  });

  it('is everything with that name', async () => {
    const { directory } = await openDirectory();
    expect(await directory.resolve('principal', USER, 'wei chen')).toHaveLength(2);
  });

  it.each(['exact', 'fuzzy'] as const)(
    'is only the whole user name when the cloud filters %s',
    async (match) => {
      const { directory, user } = await openDirectory({}, { userNameMatch: match });
      expect(await directory.resolve('principal', USER, 'wei.chen')).toMatchObject([
        { id: user('wei.chen').user_id },
      ]);
    },
  );

  it('is found by name although the cloud finds that ill-formed as an id', async () => {
    const { directory, refuse } = await openDirectory();
    refuse('DescribeUser', 400, 'IIC.400');
    expect(await directory.resolve('principal', USER, 'alice')).toHaveLength(1);
  });

  it('is nothing for nobody, and for no text', async () => {
    const { directory } = await openDirectory();
    expect(await directory.resolve('principal', USER, 'nobody at all')).toEqual([]);
    expect(await directory.resolve('principal', USER, ' ')).toEqual([]);
  });

  it('is a fault when the cloud cannot be asked', async () => {
    const { directory, refuse } = await openDirectory();
    refuse('ListGroups', 403, 'IIC.1000');
    expect((await faultOf(directory.resolve('principal', GROUP, 'night-shift'))).status).toBe(403);
  });

  it('is found among accounts, permission sets, projects and their users', async () => {
    const { directory, account, set, project, iamUser } = await openDirectory();
    const id = async (...question: Parameters<typeof directory.resolve>) =>
      (await directory.resolve(...question)).map((choice) => choice.id);
    expect(await id('account', {}, 'PROD-core')).toEqual([account('prod-core').id]);
    expect(await id('permission-set', {}, 'billing')).toEqual([set('BillingViewer').permission_set_id]);
    const vision = project('cn-north-4_vision').id;
    expect(await id('project', {}, 'cn-north-4_vision')).toEqual([vision]);
    const { id: bello } = iamUser('aisha.bello', 'ml-research');
    expect(await id('modelarts-user', { project: vision }, 'aisha.bello')).toEqual([bello]);
    expect(await id('modelarts-user', { project: vision }, bello)).toEqual([bello]);
  });
});

describe('ModelArts projects', () => {
  it('have the names of the cloud, and only configured ones count', async () => {
    const { directory, project } = await openDirectory();
    const { id } = project('cn-north-4_vision');
    expect(await directory.project(id)).toEqual({ id, region: 'cn-north-4', name: 'cn-north-4_vision' });
    expect(await directory.project('not-configured')).toBeUndefined();
  });

  it('are named by region and beginning of the id when two share a name', async () => {
    const { directory, organisation } = await openDirectory();
    for (const one of organisation.projects) one.name = 'cn-north-4';
    const [first] = organisation.projects;
    const known = await directory.project(first?.id ?? '');
    expect(known?.name).toBe(`cn-north-4/${first?.id.slice(0, 4)}`);
    expect(known?.name).toMatch(/^cn-north-4\/[0-9a-f]{4}$/);
  });

  it('are named by the id when even that is shared', async () => {
    const ids = [`3af0${'a'.repeat(28)}`, `3af0${'b'.repeat(28)}`];
    const projects = ids.map((id) => ({ region: 'cn-north-4', id }));
    const { directory, organisation } = await openDirectory({ projects });
    const [first] = organisation.projects;
    if (first !== undefined) organisation.projects.push(...ids.map((id) => ({ ...first, id, name: 'same' })));
    expect(await Promise.all(ids.map(async (id) => (await directory.project(id))?.name))).toEqual(ids);
  });

  it('are named by the id while names cannot be read, and by name afterwards', async () => {
    const { directory, project, refuse } = await openDirectory();
    const { id } = project('cn-north-4_vision');
    refuse('KeystoneListAuthProjects', 403, '403');
    expect((await directory.project(id))?.name).toBe(id);
    expect((await directory.project(id))?.name).toBe('cn-north-4_vision');
  });
});

describe('an IAM user', () => {
  it('is looked for in the whole listing, as it is now', async () => {
    const { directory, iamUser, organisation } = await openDirectory({}, { shortPages: 2 });
    const { id } = iamUser('wang.fang', 'data-lake');
    expect(await directory.iamUser(id)).toEqual({ id, userName: 'wang.fang', emails: [] });
    organisation.iamUsers.length = 0;
    expect(await directory.iamUser(id)).toBeUndefined();
    expect(await directory.iamUser('not an id')).toBeUndefined();
  });
});
