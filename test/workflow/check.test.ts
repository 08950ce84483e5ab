import { describe, expect, it } from 'vitest';
import { CloudFault } from '../../src/domain/ports.ts';
import { assessTarget } from '../../src/workflow/assess.ts';
import { check } from '../../src/workflow/check.ts';
import {
  ada,
  createWorld,
  gus,
  mallory,
  nora,
  oneAssignment,
  patience,
  policy,
  type World,
  wholeProfile,
} from '../support/world.ts';

/** A deletion that takes much longer than the time in which it has to be proven. */
const unverified = async (values = oneAssignment) => {
  const world = createWorld();
  world.cloud.delay = 2 * patience.verificationWindow;
  const id = await world.ask('account-assignment', values);
  await world.finish(id);
  expect(world.state(id)).toBe('unverified');
  return { ...world, id };
};
const resultOf = (checked: { result: string; refusal?: { code: string } }) =>
  checked.refusal?.code ?? checked.result;
const since = (world: Pick<World, 'words'>, id: string, before: number) => world.words(id).slice(before);

describe('check', () => {
  it('of what is still there records that, and the request stays unverified', async () => {
    const world = await unverified();
    const { id, needs, click, facts, state, cloud } = world;
    const before = facts(id).length;
    expect(resultOf(await check(needs, id, click(nora)))).toBe('appended');
    expect(facts(id).slice(before)).toEqual([
      {
        fact: 'proof',
        step: 'delete',
        result: 'present',
        remaining: ['USER/u-mallory/acc-prod/ps-admin'],
        since: [],
        words: 'The cloud says that a deletion is running.',
        by: expect.objectContaining({ user: nora }),
        via: { actionTs: '1.0' },
      },
    ]);
    expect(state(id)).toBe('unverified');
    expect(cloud.changes).toHaveLength(1);
  });

  it('of what has gone meanwhile ends in success, by reading alone', async () => {
    const world = await unverified();
    const { id, needs, click, facts, clock, cloud, state } = world;
    const before = facts(id).length;
    await clock.advance(cloud.delay);
    const checked = await check(needs, id, click(nora));
    expect(checked).toMatchObject({ result: 'appended', request: { progress: { state: 'succeeded' } } });
    expect(since(world, id, before)).toEqual(['proof', 'succeeded']);
    expect(facts(id).at(-1)).toMatchObject({ alreadyGone: false });
    expect(state(id)).toBe('succeeded');
    expect(cloud.changes).toHaveLength(1);
  });

  it.each([
    ['the affected person', mallory, 'affected_person'],
    ['somebody who may only approve', ada, 'not_a_requester'],
    ['a guest', gus, 'not_a_member'],
  ])('is refused for %s, and the cloud is not asked', async (_name, user, code) => {
    const { id, needs, people, click, facts, cloud } = await unverified();
    if (user !== ada) people.roles.requester.add(user);
    const [before, reads] = [facts(id).length, cloud.reads()];
    expect(resultOf(await check(needs, id, click(user)))).toBe(code);
    expect(facts(id)).toHaveLength(before);
    expect(cloud.reads()).toBe(reads);
  });

  it('is refused while Slack cannot be asked, and for what is not unverified', async () => {
    const { id, needs, people, click } = await unverified();
    people.reachable = false;
    expect(resultOf(await check(needs, id, click(nora)))).toBe('could_not_ask');
    people.reachable = true;
    const world = createWorld();
    const other = await world.ask('profile', wholeProfile);
    expect(resultOf(await check(world.needs, other, world.click(nora)))).toBe('nothing_to_check');
    expect(resultOf(await check(world.needs, 'R-000099', world.click(nora)))).toBe('no_such_request');
  });

  it('records nothing when the cloud cannot be asked', async () => {
    const { id, needs, click, facts, cloud } = await unverified();
    const before = facts(id).length;
    cloud.everyRead = { as: 'not-reached' };
    await expect(check(needs, id, click(nora))).rejects.toThrow(CloudFault);
    expect(facts(id)).toHaveLength(before);
    cloud.everyRead = undefined;
    expect(resultOf(await check(needs, id, click(nora)))).toBe('appended');
  });

  it('by the same click twice has one effect', async () => {
    const { id, needs, click, facts, cloud } = await unverified();
    const act = click(nora);
    await check(needs, id, act);
    const [after, reads] = [facts(id).length, cloud.reads()];
    expect(resultOf(await check(needs, id, act))).toBe('already');
    expect(facts(id)).toHaveLength(after);
    expect(cloud.reads()).toBe(reads);
    await Promise.all([check(needs, id, click(nora)), check(needs, id, click(nora))]);
    expect(facts(id)).toHaveLength(after + 2);
  });

  it('by two at once ends it once', async () => {
    const { id, needs, click, words, clock, cloud } = await unverified();
    await clock.advance(cloud.delay);
    const both = await Promise.all([check(needs, id, click(nora)), check(needs, id, click(nora))]);
    expect(both.map(resultOf).toSorted()).toEqual(['appended', 'nothing_to_check']);
    expect(words(id).filter((word) => word === 'succeeded')).toHaveLength(1);
  });

  it('makes no changing call, whatever it finds', async () => {
    const { id, needs, click, cloud, clock } = await unverified();
    const changes = cloud.changes.length;
    for (const trouble of [undefined, { as: 'refused', status: 403 }, { as: 'not-reached' }] as const) {
      cloud.everyRead = trouble;
      await check(needs, id, click(nora)).catch(() => undefined);
    }
    cloud.everyRead = undefined;
    await clock.advance(cloud.delay);
    await check(needs, id, click(nora));
    expect(cloud.changes).toHaveLength(changes);
  });
});

describe('a new request that retries another', () => {
  const failed = async () => {
    const world = createWorld();
    world.cloud.jobFailure = 'the permission set is locked';
    const id = await world.ask('account-assignment', oneAssignment);
    await world.finish(id);
    expect(world.state(id)).toBe('failed');
    world.cloud.jobFailure = undefined;
    const assess = async (user: string = nora) => {
      const who = await world.people.who(user, 0);
      if (who === 'could not ask') throw new Error(`Nobody knows ${user}`);
      const { kind, target } = world.request(id).asked;
      return assessTarget(world.needs, world.kind(kind), target, who.person);
    };
    return { ...world, id, assess };
  };

  it('aims at the same target, is judged afresh and goes the normal way', async () => {
    const { id, assess, submission, submit, finish, request, state, clock, people } = await failed();
    people.roles.requester.add(ada);
    await clock.advance(policy.approvalWindow);
    const assessed = await assess(ada);
    if (assessed.result !== 'assessed') throw new Error('Nothing was there');
    const submitted = await submit(submission(assessed.assessed, { user: ada, retries: id }));
    expect(submitted).toMatchObject({ result: 'requested', id: 'R-000002' });
    const { asked } = request('R-000002');
    const before = request(id).asked;
    expect(asked).toMatchObject({ retries: id, by: { user: ada }, target: before.target });
    expect(asked.approveBefore).toBeGreaterThan(before.approveBefore);
    await finish('R-000002');
    expect([state(id), state('R-000002')]).toEqual(['failed', 'succeeded']);
  });

  it('counts for the limit on revocations by rule like any other', async () => {
    const { id, assess, submission, submit } = await failed();
    const verdicts: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const assessed = await assess();
      if (assessed.result !== 'assessed') throw new Error('Nothing was there');
      verdicts.push(assessed.assessed.verdict.approvals);
      await submit(submission(assessed.assessed, { retries: id }));
    }
    expect(verdicts).toEqual([0, 0, 1]);
  });

  it('is none where nothing is left', async () => {
    const { assess, cloud } = await failed();
    cloud.assignments = [];
    expect(await assess()).toMatchObject({ result: 'refused', refusal: { code: 'nothing_to_revoke' } });
  });

  it('knows of the open one for the same target', async () => {
    const { id, assess, submission, submit } = await failed();
    const first = await assess();
    if (first.result !== 'assessed') throw new Error('Nothing was there');
    await submit(submission(first.assessed, { retries: id }));
    expect(await assess()).toMatchObject({ assessed: { alongside: [{ id: 'R-000002' }] } });
  });
});
