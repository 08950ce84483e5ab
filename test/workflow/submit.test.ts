import { describe, expect, it } from 'vitest';
import { assess } from '../../src/workflow/assess.ts';
import { person } from '../support/stories.ts';
import {
  ada,
  allModelArtsUsers,
  createWorld,
  gus,
  mallory,
  nora,
  oneAssignment,
  oneModelArtsUser,
  row,
  wholeProfile,
  zoe,
} from '../support/world.ts';

const minutes = 60_000;

describe('a submission', () => {
  it('goes on by rule where no second approver is needed, and says so', async () => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment, { incident: 'INC-42' });
    expect(id).toBe('R-000001');
    const [requested, approved] = world.facts(id);
    expect(requested).toMatchObject({ approvals: 0, incident: 'INC-42', because: [], by: { user: nora } });
    expect(requested).toMatchObject({ approveBefore: world.clock.now() + world.needs.policy.approvalWindow });
    expect(approved).toMatchObject({
      fact: 'approved',
      digest: world.request(id).asked.digest,
      rule: 'No rule asks for a second approver: 1 grant, target USER.',
      startBefore: world.clock.now() + world.needs.policy.executionWindow,
    });
    expect(world.cloud.changes).toEqual([]);
  });

  it('waits where one is needed', async () => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    expect(world.words(id)).toEqual(['requested']);
    expect(world.request(id).asked).toMatchObject({
      approvals: 1,
      because: ['it takes everything there is at once'],
    });
  });

  it('stores the affected person of a user, and nobody for a group or for all users', async () => {
    const world = createWorld();
    const affected = async (kind: string, values: Record<string, string>) =>
      world.request(await world.ask(kind, values)).asked.affected?.id;
    expect(await affected('profile', wholeProfile)).toBe('u-mallory');
    expect(await affected('modelarts-authorization', oneModelArtsUser)).toBe('iam-mallory');
    expect(await affected('modelarts-authorization', allModelArtsUsers)).toBeUndefined();
    expect(await affected('profile', { principal_type: 'GROUP', principal: 'g-ops' })).toBeUndefined();
  });

  it('is one request however often the draft is delivered', async () => {
    const world = createWorld();
    const submission = world.submission(await world.assess('account-assignment', oneAssignment));
    const all = await Promise.all([1, 2, 3].map(() => world.submit(submission)));
    expect(all.map(({ result }) => result)).toEqual(['requested', 'already', 'already']);
    expect(await world.submit(submission)).toEqual({ result: 'already', id: 'R-000001' });
    expect(world.words('R-000001')).toEqual(['requested', 'approved']);
    expect(world.memory.summaries.size).toBe(1);
  });

  it('counts the limit by rule one after the other, whatever comes at once', async () => {
    const world = createWorld();
    const assessed = await world.assess('account-assignment', oneAssignment);
    const all = await Promise.all(Array.from({ length: 5 }, () => world.submit(world.submission(assessed))));
    const approvals = all.map((one) => (one.result === 'requested' ? one.verdict.approvals : -1));
    expect(approvals).toEqual([0, 0, 0, 1, 1]);
  });

  it('counts the limit within ten minutes, whatever became of the requests', async () => {
    const world = createWorld();
    const ask = async () =>
      world.request(await world.ask('account-assignment', oneAssignment)).asked.approvals;
    for (const id of ['R-000001', 'R-000002', 'R-000003']) {
      expect(await ask()).toBe(0);
      await world.ledger.append(id, null, [{ fact: 'failed', words: 'x' }]);
    }
    await world.clock.advance(599_999);
    expect(await ask()).toBe(1);
    await world.clock.advance(1);
    expect(await ask()).toBe(0);
  });

  it('counts twice the limit for the whole bot', async () => {
    const world = createWorld();
    for (const user of [ada, zoe, mallory]) world.people.roles.requester.add(user);
    const ask = async (user: string) =>
      world.request(
        await world.ask('account-assignment', { ...oneAssignment, principal: 'u-trent' }, { user }),
      ).asked.approvals;
    const got = [];
    for (const user of [nora, nora, ada, ada, zoe, zoe, mallory]) got.push(await ask(user));
    expect(got).toEqual([0, 0, 0, 0, 0, 0, 1]);
  });

  it('follows the stricter of the verdict that was shown and the one of now', async () => {
    const world = createWorld();
    const shown = await world.assess('account-assignment', oneAssignment);
    world.people.roles.approver.add(mallory);
    const now = await world.submit(world.submission(shown));
    expect(now).toMatchObject({ result: 'requested', verdict: { approvals: 1 } });
    const strict = await world.assess('account-assignment', oneAssignment);
    world.people.roles.approver.delete(mallory);
    expect(await world.submit(world.submission(strict))).toMatchObject({ verdict: { approvals: 1 } });
  });

  it.each([
    ['', 'mistyped'],
    [undefined, 'mistyped'],
    ['CN-NORTH-4', 'mistyped'],
    ['cn-north-41', 'mistyped'],
    ['  cn-north-4\n', 'requested'],
    ['cn-north-4', 'requested'],
  ])('for all users needs the project typed: %j is %s', async (confirmation, result) => {
    const world = createWorld();
    const assessed = await world.assess('modelarts-authorization', allModelArtsUsers);
    const { confirmation: _typed, ...bare } = world.submission(assessed);
    const submitted = await world.submit(confirmation === undefined ? bare : { ...bare, confirmation });
    expect(submitted.result).toBe(result);
    expect(world.memory.summaries.size).toBe(result === 'requested' ? 1 : 0);
  });

  it.each([
    ['nobody in particular', zoe, 'not_a_requester'],
    ['a guest', gus, 'not_a_member'],
    ['a stranger', 'UNOBODY', 'not_a_member'],
  ])('by %s is refused', async (_name, user, code) => {
    const world = createWorld();
    const submission = world.submission(await world.assess('account-assignment', oneAssignment), { user });
    expect(await world.submit(submission)).toMatchObject({ result: 'refused', refusal: { code } });
    world.people.reachable = false;
    expect(await world.submit(submission)).toMatchObject({ refusal: { code: 'could_not_ask' } });
    expect(world.memory.records).toEqual([]);
  });

  it('that could not be written blocks no later one', async () => {
    const world = createWorld();
    const submission = world.submission(await world.assess('account-assignment', oneAssignment));
    world.memory.trouble = 'the disk is full';
    await expect(world.submit(submission)).rejects.toThrow('the disk is full');
    world.memory.trouble = undefined;
    expect(await world.submit(submission)).toMatchObject({ result: 'requested', id: 'R-000001' });
  });
});

describe('a submission while Slack is slow', () => {
  it('is refused within Slack’s patience, and leaves no request behind when the answer comes after all', async () => {
    const world = createWorld();
    const submission = world.submission(await world.assess('account-assignment', oneAssignment));
    const known = await world.people.who(nora, 0);
    world.people.who = async () => {
      await world.clock.sleep(minutes);
      return known;
    };
    const submitted = world.submit(submission);
    await world.clock.advance(2_000);
    expect(await submitted).toMatchObject({ result: 'refused', refusal: { code: 'could_not_ask' } });
    await world.clock.advance(2 * minutes);
    expect(world.memory.records).toEqual([]);
  });

  it('waits for a second approver when only the staff could not be asked in time', async () => {
    const world = createWorld();
    const submission = world.submission(await world.assess('account-assignment', oneAssignment));
    world.people.staff = () => new Promise(() => {});
    const submitted = world.submit(submission);
    await world.clock.advance(2_000);
    expect(await submitted).toMatchObject({ result: 'requested', verdict: { approvals: 1 } });
  });
});

describe('an assessment', () => {
  it('refuses what does not exist, and what is not there, each in its words', async () => {
    const world = createWorld();
    const look = (principal: string) =>
      assess(world.needs, world.kind('profile'), { ...wholeProfile, principal }, person(nora));
    expect(await look('u-nobody')).toMatchObject({ result: 'refused', refusal: { code: 'no_such' } });
    world.cloud.assignments = [];
    expect(await look('u-mallory')).toMatchObject({
      result: 'refused',
      refusal: { code: 'nothing_to_revoke' },
    });
    expect(await look('')).toMatchObject({ result: 'wrong' });
  });

  it('links requests for the same principal that are under way', async () => {
    const world = createWorld();
    const first = await world.ask('profile', wholeProfile);
    expect((await world.assess('account-assignment', oneAssignment)).alongside.map(({ id }) => id)).toEqual([
      first,
    ]);
    world.cloud.assignments.push(row('u-trent', 'acc-test', 'ps-read'));
    expect((await world.assess('profile', { ...wholeProfile, principal: 'u-trent' })).alongside).toEqual([]);
    await world.ledger.append(first, null, [{ fact: 'failed', words: 'x' }]);
    expect((await world.assess('account-assignment', oneAssignment)).alongside).toEqual([]);
  });

  it('names the request for the same target before newer ones for others in the same project', async () => {
    const world = createWorld();
    const kind = 'modelarts-authorization';
    const same = await world.ask(kind, oneModelArtsUser);
    for (let n = 0; n < 6; n += 1) await world.ask(kind, { ...oneModelArtsUser, user: 'iam-trent' });
    const { alongside } = await world.assess(kind, oneModelArtsUser);
    expect(alongside.map(({ id }) => id)).toEqual([same, 'R-000007', 'R-000006', 'R-000005', 'R-000004']);
  });

  it('does not tell the affected person, who may ask too, of a request that is not final', async () => {
    const world = createWorld();
    world.people.roles.requester.add(mallory);
    await world.ask('profile', wholeProfile);
    expect((await world.assess('account-assignment', oneAssignment, mallory)).alongside).toEqual([]);
    expect((await world.assess('account-assignment', oneAssignment, nora)).alongside).toHaveLength(1);
  });

  it('changes nothing', async () => {
    const world = createWorld();
    await world.assess('profile', wholeProfile);
    expect(world.cloud.changes.length + world.memory.records.length).toBe(0);
  });
});

it('waits for a second person where only the id of a ModelArts user is known, who may be an approver', async () => {
  const { assess, cloud, known } = createWorld();
  const values = { ...oneModelArtsUser, user: 'iam-ada' };
  cloud.authorizations.set(values.project, [{ user_id: 'iam-ada', type: 'agency', content: 'ma_agency_1' }]);
  known.iamUsers.push({ id: 'iam-ada', userName: 'ada', emails: [] });
  expect((await assess('modelarts-authorization', values)).verdict.approvals).toBe(1);
  // Gone from the account's users, or the key may not list them: then the listing alone tells of them.
  known.iamUsers.pop();
  expect((await assess('modelarts-authorization', values)).verdict).toMatchObject({
    approvals: 1,
    because: [expect.stringContaining('could not be read')],
  });
});

it.each([
  ['a user', oneAssignment],
  [
    'a group with that user in it',
    {
      ...oneAssignment,
      principal_type: 'GROUP',
      principal: 'g-ops',
      account: 'acc-test',
      permission_set: 'ps-read',
    },
  ],
])('protects %s also by the display name, which the console shows', async (_what, values) => {
  const { assess } = createWorld({ protectedPrincipals: ['mallory finch'] });
  expect((await assess('account-assignment', values)).verdict).toMatchObject({ approvals: 2 });
});
