import { describe, expect, it } from 'vitest';
import { ZodError } from 'zod';
import { CloudFault } from '../../src/domain/ports.ts';
import type { AuthorizationRow } from '../support/fake-cloud.ts';
import { allModelArtsUsers, oneModelArtsUser, project, region } from '../support/world.ts';
import { createBench, throughJson } from './kinds.ts';

const bench = () => createBench('modelarts-authorization');
const mallory = `${project}/iam/iam-mallory`;
const trent = `${project}/iam/iam-trent`;
const entry = `${project}/all-users`;
const forAll: AuthorizationRow = {
  user_id: 'all',
  user_type: 'all-users',
  type: 'agency',
  content: 'ma_agency_all',
};
const people = (count: number): AuthorizationRow[] =>
  Array.from({ length: count }, (_, n) => ({
    user_id: `iam-${n}`,
    user_name: `user-${n}`,
    type: 'agency',
    content: 'ma_agency',
  }));

describe('the target', () => {
  it.each(['', 'all', 'all-users', 'ALL', 'All-Users', 'ab', 'x'.repeat(33), 'a b', 'iam/mallory', 'all\n'])(
    'refuses the user %j before any call',
    async (user) => {
      const { kind, directory, cloud } = bench();
      const aimed = await kind.aim({ ...oneModelArtsUser, user }, directory);
      expect(aimed).toEqual({ result: 'wrong', errors: { user: expect.any(String) } });
      expect(cloud.reads() + cloud.changes.length).toBe(0);
    },
  );

  it('refuses a missing user before any call', async () => {
    const { kind, directory } = bench();
    expect(await kind.aim({ project, scope: 'user' }, directory)).toMatchObject({
      result: 'wrong',
      errors: { user: expect.any(String) },
    });
  });

  it.each(['', 'all', 'ALL', 'all-users'])(
    'refuses the user %j of a step, whatever was stored',
    async (user) => {
      const { kind, cloud, prepare } = bench();
      const { step } = await prepare(oneModelArtsUser);
      await expect(kind.start({ ...step, target: { ...step.target, user } }, cloud)).rejects.toThrow(
        ZodError,
      );
      await expect(
        kind.look({ ...step, target: { ...step.target, user } }, undefined, cloud),
      ).rejects.toThrow(ZodError);
      expect(cloud.changes).toEqual([]);
    },
  );

  it.each(['', 'users', 'all', 'USER'])('refuses the scope "%s"', async (scope) => {
    const { kind, directory } = bench();
    expect(await kind.aim({ ...oneModelArtsUser, scope }, directory)).toMatchObject({
      result: 'wrong',
      errors: { scope: expect.any(String) },
    });
  });

  it('refuses a project that is not configured', async () => {
    const { kind, directory } = bench();
    expect(await kind.aim({ ...oneModelArtsUser, project: 'other' }, directory)).toMatchObject({
      result: 'wrong',
      errors: { project: expect.any(String) },
    });
  });

  it('takes the region from the directory, and no user for all users', async () => {
    const { aim } = bench();
    expect(await aim({ ...oneModelArtsUser, region: 'elsewhere' })).toEqual({ ...oneModelArtsUser, region });
    expect(await aim({ ...allModelArtsUsers, user: 'iam-mallory' })).toEqual({
      ...allModelArtsUsers,
      region,
    });
  });
});

describe('the impact for one user', () => {
  it('is the user\u2019s authorizations only', async () => {
    const { impact } = await bench().prepare(oneModelArtsUser);
    expect(impact.grants).toEqual([
      {
        key: mallory,
        words: 'mallory (iam-mallory), by agency ma_agency_1',
        restore:
          `hcloud ModelArts CreateAuthorization --cli-region='${region}' --project_id='${project}' ` +
          "--user_id='iam-mallory' --type='agency' --content='ma_agency_1'",
      },
    ]);
    expect(impact.confirm).toBeUndefined();
  });

  it('warns of an entry for all users, in both spellings', async () => {
    for (const all of [forAll, { user_id: 'all-users', type: 'agency', content: 'x' }]) {
      const { cloud, prepare } = bench();
      cloud.authorizations.get(project)?.push(all);
      const { impact } = await prepare(oneModelArtsUser);
      expect(impact.residual[0]).toBe(
        `Warning: an entry for all users in this project (agency ${all.content}) still covers this user: /revoke-modelarts cn-north-4`,
      );
      expect(impact.grants.map((grant) => grant.key)).toEqual([mallory]);
    }
  });

  it('names federated entries, which may be of the same person', async () => {
    const { cloud, prepare } = bench();
    const federated = (name: string): AuthorizationRow => ({ user_name: name, user_type: 'federate' });
    cloud.authorizations.get(project)?.push(federated('partner'));
    expect((await prepare(oneModelArtsUser)).impact.residual).toEqual([
      '1 federated authorization (partner) may be of the same person, and cannot be deleted one by one.',
      'Authorizations in other projects stay.',
      'Jobs and notebooks that run already are not stopped.',
    ]);
    cloud.authorizations.get(project)?.push(...['b', 'c', 'd', 'e', 'f', 'g'].map(federated));
    expect((await prepare(oneModelArtsUser)).impact.residual[0]).toBe(
      '7 federated authorizations (partner, b, c, d, e, 2 more) may be of the same person, and cannot be deleted one by one.',
    );
  });

  it('knows the user by e-mail too, so that they are recognised as the affected person', async () => {
    const { impact } = await bench().prepare(oneModelArtsUser);
    expect(impact.people).toEqual([
      { id: 'iam-mallory', userName: 'mallory', emails: ['mallory@example.com'] },
    ]);
  });

  it('calls no listed user like another one with its id', async () => {
    const { cloud, prepare } = bench();
    const id = '0123456789abcdef0123456789abcdef';
    cloud.authorizations.set(project, [{ user_id: 'iam-old', user_name: `eve (${id})`, type: 'agency' }]);
    const shown = `eve \\u{28}${id}\\u{29} (iam-old)`;
    const one = await prepare({ ...oneModelArtsUser, user: 'iam-old' });
    expect(one.impact.title).toContain(`of ${shown} in`);
    expect(one.impact.lines[0]).toBe(`Of user ${shown}`);
    const all = await prepare(allModelArtsUsers);
    for (const { impact } of [one, all]) expect(impact.grants[0]?.words).toContain(`${shown}, by`);
  });

  it('knows a listed user whom the directory does not', async () => {
    const { cloud, prepare } = bench();
    cloud.authorizations.get(project)?.push({ user_id: 'iam-old', user_name: 'old', type: 'agency' });
    const { impact } = await prepare({ ...oneModelArtsUser, user: 'iam-old' });
    expect(impact.people).toEqual([{ id: 'iam-old', userName: 'old', emails: [] }]);
  });

  it('knows a listed user also when the key may not list the users of the account', async () => {
    const { kind, cloud, directory, aim } = bench();
    const refused = new CloudFault('refused', 'No permission', { status: 403, retryable: false });
    const narrow = { ...directory, iamUser: () => Promise.reject(refused) };
    const target = await aim(oneModelArtsUser);
    expect(await kind.impact(target, cloud, narrow)).toMatchObject({
      result: 'assessed',
      impact: { people: [{ id: 'iam-mallory', userName: 'mallory', emails: [] }] },
    });
    cloud.authorizations.set(project, []);
    await expect(kind.impact(target, cloud, narrow)).rejects.toThrow('No permission');
  });

  it('says that there is no such user or project, and never that it is already gone', async () => {
    const { aim, impactOf, known } = bench();
    expect(await impactOf(await aim({ ...oneModelArtsUser, user: 'iam-nobody' }))).toEqual({
      result: 'no-such',
      words: expect.stringContaining('no such user'),
    });
    const target = await aim(oneModelArtsUser);
    known.projects.splice(0);
    expect(await impactOf(target)).toEqual({
      result: 'no-such',
      words: expect.stringContaining('no such configured ModelArts project'),
    });
  });

  it('is empty for a user who exists and has none', async () => {
    const { cloud, prepare } = bench();
    cloud.authorizations.set(project, []);
    const { target, impact } = await bench().prepare(oneModelArtsUser);
    expect(target.user).toBe('iam-mallory');
    expect(impact.grants).toHaveLength(1);
    expect((await prepare(oneModelArtsUser)).impact.grants).toEqual([]);
  });
});

describe('the impact for all users', () => {
  it('is everything in the project, and asks to type its name', async () => {
    const { cloud, kind, prepare } = bench();
    cloud.authorizations.get(project)?.push(forAll);
    const { target, impact } = await prepare(allModelArtsUsers);
    expect(impact.grants.map((grant) => grant.key)).toEqual([mallory, trent, entry]);
    expect(impact.confirm).toBe('cn-north-4');
    expect(impact.lines.at(-1)).toBe('3 authorizations: 2 of users, 1 for all users');
    expect(kind.risk(target, impact)).toMatchObject({ everything: true, principalType: 'EVERYBODY' });
  });

  it('counts two spellings of the entry for all users as one grant', async () => {
    const { cloud, prepare } = bench();
    cloud.authorizations.set(project, [forAll, { user_id: 'all-users', type: 'agency', content: 'x' }]);
    expect((await prepare(allModelArtsUsers)).impact.grants.map((grant) => grant.key)).toEqual([entry]);
  });

  it.each([
    ['an access key', { user_id: 'iam-x', type: 'credential', content: 'AK', secret_key: 's' }, undefined],
    ['an agency whose name is not told', { user_id: 'iam-x', type: 'agency' }, undefined],
    [
      'a user',
      { user_id: 'iam-x', user_type: 'iam', type: 'agency', content: 'a' },
      "--user_id='iam-x' --user_type='iam'",
    ],
    ['all users', { user_id: 'all-users', type: 'AGENCY', content: 'a' }, "--user_id='all'"],
    [
      'a federated user',
      { user_name: "o'x", user_type: 'federate', type: 'agency', content: 'a' },
      "--user_name=$'o\\x27x' --user_type='federate'",
    ],
  ])('has for %s the command that gives it back, where there is one', async (_what, row, who) => {
    const { cloud, prepare } = bench();
    cloud.authorizations.set(project, [row]);
    const [grant] = (await prepare(allModelArtsUsers)).impact.grants;
    expect(grant?.restore).toBe(
      who &&
        `hcloud ModelArts CreateAuthorization --cli-region='${region}' --project_id='${project}' ${who} --type='agency' --content='a'`,
    );
  });

  it('tells a federated user without id by name', async () => {
    const { cloud, prepare } = bench();
    cloud.authorizations.set(project, [{ user_name: 'fed', user_type: 'federate', type: 'agency' }]);
    expect((await prepare(allModelArtsUsers)).impact.grants).toEqual([
      { key: `${project}/federate/name=fed`, words: 'fed (federate), by agency unknown' },
    ]);
  });
});

describe('the listing', () => {
  const keysOf = async ({ prepare }: ReturnType<typeof bench>) =>
    (await prepare(allModelArtsUsers)).impact.grants.map((grant) => grant.key);

  it.each([
    ['pages', 2_345],
    ['entries', 2_345],
    ['pages', 1_000],
    ['entries', 1_000],
    ['pages', 1_001],
    ['entries', 1_001],
  ] as const)('is read to its end when offset counts %s, with %i rows', async (counts, total) => {
    const made = bench();
    made.cloud.offsetCounts = counts;
    made.cloud.authorizations.set(project, people(total));
    expect(await keysOf(made)).toEqual(people(total).map((one) => `${project}/iam/${one.user_id}`));
    expect(made.cloud.reads()).toBeLessThan(10);
  });

  it.each(['pages', 'entries'] as const)('is read to its end in small pages too (%s)', async (counts) => {
    const made = bench();
    made.cloud.offsetCounts = counts;
    made.cloud.mostRows = 7;
    made.cloud.authorizations.set(project, people(50));
    expect(new Set(await keysOf(made)).size).toBe(50);
  });

  it('is a fault when fewer rows come than the cloud announced', async () => {
    const made = bench();
    const same = people(1)[0] ?? {};
    made.cloud.authorizations.set(project, [same, same]);
    await expect(keysOf(made)).rejects.toMatchObject({ family: 'unexpected-answer', retryable: true });
  });

  it('never keeps a secret key', async () => {
    const { prepare, kind, cloud } = bench();
    const everything = JSON.stringify(await prepare(allModelArtsUsers));
    expect(everything).not.toContain('never-kept');
    expect(everything).not.toContain('secret_key');
    const { step } = await prepare(allModelArtsUsers);
    const one = { ...step, grants: [] };
    expect(JSON.stringify(await kind.look(one, undefined, cloud))).not.toContain('never-kept');
  });
});

describe('the steps', () => {
  it('are the same after target and impact came back from the ledger', async () => {
    for (const values of [oneModelArtsUser, allModelArtsUsers]) {
      const { kind, cloud, prepare } = bench();
      cloud.authorizations.get(project)?.push(forAll);
      const { target, impact, steps } = await prepare(values);
      expect(kind.steps(throughJson(target), throughJson(impact))).toEqual(steps);
    }
  });

  it('for all users are one for the users and one for the entry, as far as there is any', async () => {
    const { cloud, prepare } = bench();
    const shape = async () =>
      (await prepare(allModelArtsUsers)).steps.map((step) => [step.key, step.grants.length]);
    expect(await shape()).toEqual([['delete-all', 2]]);
    cloud.authorizations.get(project)?.push(forAll);
    expect(await shape()).toEqual([
      ['delete-all', 2],
      ['delete-entry', 1],
    ]);
    cloud.authorizations.set(project, [forAll]);
    expect(await shape()).toEqual([['delete-entry', 1]]);
  });

  it.each([
    ['one user', oneModelArtsUser, ['iam-mallory'], ['iam-trent', 'all']],
    ['all users', allModelArtsUsers, ['all', 'all-users'], []],
  ])('for %s make exactly the documented calls', async (_name, values, users, left) => {
    const { kind, cloud, prepare } = bench();
    cloud.authorizations.get(project)?.push(forAll);
    const { steps } = await prepare(values);
    for (const step of steps) {
      expect(await kind.start(step, cloud)).toEqual({ status: 200, cloudRequest: expect.any(String) });
    }
    expect(cloud.changes).toEqual(
      users.map((user) => ({
        at: expect.any(Number),
        method: 'DELETE',
        service: 'modelarts',
        path: `v2/${project}/authorizations`,
        query: { user_id: user },
        body: undefined,
        project,
        region,
      })),
    );
    expect(cloud.authorizations.get(project)?.map((kept) => kept.user_id)).toEqual(left);
  });

  it('take anything but the word "true" for no success', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneModelArtsUser);
    const odd: typeof cloud.call = async (request) => {
      const parsed = request.answer.safeParse({ result: 'false' });
      expect(parsed.success).toBe(false);
      throw new Error('wrong form');
    };
    await expect(kind.start(step, { call: odd })).rejects.toThrow('wrong form');
  });
});

describe('looking', () => {
  it('says present, then gone, for one user without telling of others', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneModelArtsUser);
    expect(await kind.look(step, undefined, cloud)).toEqual({
      state: 'present',
      surely: false,
      remaining: [mallory],
      since: [],
    });
    await kind.start(step, cloud);
    expect(await kind.look(step, undefined, cloud)).toEqual({ state: 'gone', remaining: [], since: [] });
  });

  it('says present of all users for as long as one is listed, as whatever type of user', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(allModelArtsUsers);
    cloud.authorizations.set(project, [
      { user_id: 'iam-mallory', user_type: 'grant', type: 'agency' },
      { user_name: 'iam-trent', user_type: 'federate', type: 'agency' },
    ]);
    expect(await kind.look(step, undefined, cloud)).toEqual({
      state: 'present',
      surely: false,
      remaining: [mallory],
      since: [expect.objectContaining({ key: `${project}/federate/name=iam-trent` })],
    });
  });

  it('says present for as long as the user is listed, as whatever type of user', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(oneModelArtsUser);
    cloud.authorizations.set(project, [{ user_id: 'iam-mallory', user_type: 'grant', type: 'agency' }]);
    expect(await kind.look(step, undefined, cloud)).toEqual({
      state: 'present',
      surely: false,
      remaining: [mallory],
      since: [],
    });
  });

  it('for all users tells what is new since', async () => {
    const { kind, cloud, prepare } = bench();
    const { step } = await prepare(allModelArtsUsers);
    await kind.start(step, cloud);
    cloud.authorizations.set(project, people(1));
    expect(await kind.look(step, undefined, cloud)).toMatchObject({
      state: 'gone',
      since: [{ key: `${project}/iam/iam-0` }],
    });
  });
});
