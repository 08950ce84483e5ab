import { describe, expect, it } from 'vitest';
import type { Trouble } from '../support/fake-cloud.ts';
import {
  allModelArtsUsers,
  createWorld,
  oneAssignment,
  project,
  row,
  type World,
  wholeProfile,
} from '../support/world.ts';

const minutes = 60_000;
const refused: Trouble = { as: 'refused', status: 401 };
const lost: Trouble = { as: 'too-late', acted: false };

/** An approved profile of a user, of which the first call goes wrong in this way. */
const afterTrouble = async (trouble: Trouble) => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  world.cloud.changeTroubles.push(trouble);
  return { ...world, id };
};
const factOf = ({ facts }: World, id: string, word: string) => facts(id).find(({ fact }) => fact === word);

describe('access that came after the first call', () => {
  it.each([
    ['was refused for a while', refused],
    ['was lost', lost],
  ])('%s is a fact before the next call, and proven gone with the rest', async (_name, trouble) => {
    const world = await afterTrouble(trouble);
    const { id, cloud, clock, words } = world;
    const runner = world.run();
    await clock.advance(minutes);
    cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-new'));
    await clock.runUntil(() => world.state(id) === 'succeeded');
    await runner.stop();
    const [first, second] = words(id).flatMap((word, index) => (word === 'step_started' ? [index] : []));
    expect(words(id).indexOf('impact_grew')).toBe((second ?? 0) - 1);
    expect(first).toBeLessThan(second ?? 0);
    expect(factOf(world, id, 'impact_grew')).toMatchObject({
      added: [{ key: 'USER/u-mallory/acc-new/ps-new' }],
    });
    expect(factOf(world, id, 'succeeded')).toMatchObject({ words: expect.stringContaining('all 3 grants') });
    expect(cloud.changes).toHaveLength(2);
  });

  it('is shown, but not taken with too few approvals: nothing more is called', async () => {
    const world = createWorld({ protectedPrincipals: ['u-vip'] });
    world.known.users.push({ id: 'u-vip', userName: 'vip', displayName: 'VIP', emails: [], enabled: true });
    const id = await world.ask('profile', { principal_type: 'GROUP', principal: 'g-ops' });
    await world.approve(id);
    world.cloud.changeTroubles.push(refused);
    const runner = world.run();
    await world.clock.advance(minutes);
    world.known.members.set('g-ops', ['u-mallory', 'u-vip']);
    world.cloud.assignments.push(row('g-ops', 'acc-new', 'ps-new', 'GROUP'));
    await world.clock.runUntil(() => world.state(id) === 'halted');
    await runner.stop();
    expect(world.words(id).slice(-2)).toEqual(['impact_grew', 'halted']);
    expect(world.facts(id).at(-1)).toMatchObject({
      words: expect.stringMatching(/^It now needs 2 approvals and has 1: .*Nothing more was called\.$/),
    });
    expect(world.cloud.changes).toHaveLength(1);
  });

  it('is a fact for all users of ModelArts too, and the entry for all of them is taken without another look', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all-users', user_type: 'all-users' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    world.cloud.changeTroubles.push(refused);
    const runner = world.run();
    await world.clock.advance(minutes);
    world.cloud.authorizations.get(project)?.push({ user_id: 'iam-new', user_name: 'new', type: 'agency' });
    await world.clock.runUntil(() => world.state(id) === 'succeeded');
    await runner.stop();
    expect(world.words(id).filter((word) => word === 'impact_grew')).toHaveLength(1);
    expect(world.cloud.authorizations.get(project)).toEqual([]);
    expect(world.cloud.changes.map(({ query }) => query.user_id)).toEqual(['all', 'all', 'all-users']);
  });
});

it('access that came between the last check and the first call is a fact before it', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  const { look } = world.kind('profile');
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    look: (...args: Parameters<typeof look>) => {
      if (world.words(id).length === 2) world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-new'));
      return look(...args);
    },
  }));
  const runner = world.run({ kinds });
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await runner.stop();
  expect(world.words(id).slice(2, 4)).toEqual(['impact_grew', 'step_started']);
});

it('access that came in the place of what was approved, right before the first call, is a fact and is taken', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  const { look } = world.kind('profile');
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    look: (...args: Parameters<typeof look>) => {
      if (world.words(id).length === 2) world.cloud.assignments = [row('u-mallory', 'acc-new', 'ps-new')];
      return look(...args);
    },
  }));
  const runner = world.run({ kinds });
  await world.clock.runUntil(() => !world.ledger.open().includes(id));
  await runner.stop();
  expect(world.words(id).slice(2, 4)).toEqual(['impact_grew', 'step_started']);
  expect(world.state(id)).toBe('succeeded');
  expect(world.cloud.assignments).toEqual([]);
});

it('access that is taken on top of what was approved has to be proven gone too', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  const later = row('u-mallory', 'acc-new', 'ps-new');
  let isListed = false;
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    look: async (...args: Parameters<typeof kind.look>) => {
      // Between the last check and the first call, so that the call is the first to know.
      if (!isListed) world.cloud.assignments.push(later);
      isListed = true;
      return kind.look(...args);
    },
  }));
  world.cloud.onChange = () => {
    world.ledger.subscribe(() => {
      if (world.cloud.assignments.length < 3) world.cloud.assignments.push(later);
    });
  };
  const runner = world.run({ kinds });
  await world.clock.runUntil(() => !world.ledger.open().includes(id));
  await runner.stop();
  expect(world.facts(id).at(-1)).toMatchObject({
    fact: 'unverified',
    words: expect.stringContaining('2 of 3 grants are proven gone, 1 not'),
  });
});

it('access that came after a crash in the middle of a call is a fact before that call is repeated', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  const step = world.kind('profile').steps(world.request(id).asked.target, world.request(id).asked.impact)[0];
  await world.ledger.append(id, null, [
    { fact: 'step_started', step: step?.key ?? '', attempt: 1, words: 'x' },
  ]);
  world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-new'));
  await world.finish(id);
  expect(world.words(id).slice(2)).toEqual([
    'step_started',
    'step_outcome',
    'impact_grew',
    'step_started',
    'step_outcome',
    'proof',
    'succeeded',
  ]);
});

describe('when it cannot be read what there is by now', () => {
  const unreadable = async (first: Trouble | undefined) => {
    const world = await afterTrouble(refused);
    let trouble = first;
    const { impact } = world.kind('profile');
    const kinds = world.needs.kinds.map((kind) => ({
      ...kind,
      impact: async (...args: Parameters<typeof impact>) => {
        if (trouble !== undefined && world.words(world.id).includes('step_outcome'))
          world.cloud.readTroubles.push(trouble);
        return kind.impact(...args);
      },
    }));
    const becomes = (next: Trouble | undefined) => {
      trouble = next;
    };
    return { ...world, becomes, runner: world.run({ kinds }) };
  };

  it('waits out what passes, and calls then', async () => {
    const { id, clock, cloud, state, becomes, runner } = await unreadable({ as: 'not-reached' });
    await clock.advance(120 * minutes);
    expect([state(id), cloud.changes.length]).toEqual(['executing', 1]);
    becomes({ as: 'unexpected-answer', acted: false });
    await clock.advance(minutes);
    expect([state(id), cloud.changes.length]).toEqual(['executing', 1]);
    becomes(undefined);
    await clock.runUntil(() => state(id) === 'succeeded');
    await runner.stop();
    expect(cloud.changes).toHaveLength(2);
  });

  it.each<[string, Trouble]>([
    ['is refused', { as: 'refused', status: 403 }],
    ['is nonsense for too long', { as: 'unexpected-answer', acted: false }],
    ['is refused for the key three times', { as: 'refused', status: 401 }],
  ])('ends without another call where it %s', async (_name, trouble) => {
    const { id, clock, cloud, state, facts, runner } = await unreadable(trouble);
    await clock.runUntil(() => state(id) === 'failed');
    await runner.stop();
    expect(facts(id).at(-1)).toMatchObject({
      words: expect.stringContaining('It was not called again, because the cloud could not be read'),
    });
    expect(cloud.changes).toHaveLength(1);
  });

  it('says how much of it was still listed', async () => {
    const { id, clock, cloud, state, facts, runner } = await unreadable({ as: 'refused', status: 403 });
    await clock.advance(minutes);
    cloud.assignments = cloud.assignments.filter(({ account_id }) => account_id !== 'acc-test');
    await clock.runUntil(() => state(id) === 'partly_failed');
    await runner.stop();
    expect(facts(id).at(-1)).toMatchObject({
      words: expect.stringContaining('1 of 2 grants are proven gone, 1 not'),
    });
  });

  it('takes what is listed on record where there is no such user any more', async () => {
    const world = await afterTrouble(refused);
    const runner = world.run();
    await world.clock.advance(minutes);
    world.known.users.splice(0);
    world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-new'));
    await world.clock.runUntil(() => world.state(world.id) === 'succeeded');
    await runner.stop();
    expect(factOf(world, world.id, 'impact_grew')).toMatchObject({
      added: [{ key: 'USER/u-mallory/acc-new/ps-new' }],
    });
  });
});

it('covers nothing more once a step is proven: what came later is new since, not gone', async () => {
  const world = createWorld();
  const entry = { user_id: 'all-users', user_type: 'all-users' };
  world.cloud.authorizations.get(project)?.push(entry);
  const id = await world.ask('modelarts-authorization', allModelArtsUsers);
  await world.approve(id);
  world.cloud.authorizations.set(project, [entry]);
  let isProven = false;
  world.ledger.subscribe(() => {
    if (isProven || !world.words(id).includes('proof')) return;
    isProven = true;
    world.cloud.readTroubles.push({ as: 'not-reached' });
    world.cloud.authorizations.get(project)?.push({ user_id: 'iam-new', user_name: 'new', type: 'agency' });
  });
  await world.finish(id);
  expect(world.words(id)).not.toContain('impact_grew');
  expect(world.facts(id).findLast(({ fact }) => fact === 'proof')).toMatchObject({
    since: [{ key: expect.stringContaining('iam-new') }],
  });
});

it('makes no call for a step whose grants are gone once another is proven, whatever is new since', async () => {
  const world = createWorld();
  const all = world.cloud.authorizations;
  all.get(project)?.push({ user_id: 'all-users', user_type: 'all-users' });
  world.cloud.allTakes = 'everything';
  const id = await world.ask('modelarts-authorization', allModelArtsUsers);
  await world.approve(id);
  world.ledger.subscribe(() => {
    if (world.words(id).includes('proof') && all.get(project)?.length === 0)
      all.set(project, [{ user_id: 'iam-new', user_name: 'new', type: 'agency' }]);
  });
  await world.finish(id);
  expect(world.cloud.changes.map(({ query }) => query.user_id)).toEqual(['all']);
  expect(world.state(id)).toBe('succeeded');
  expect(world.facts(id).findLast(({ fact }) => fact === 'proof')).toMatchObject({
    result: 'gone',
    since: [{ key: expect.stringContaining('iam-new') }],
  });
});

it('makes no call for approved grants that are gone, where it takes nothing but those', async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  const key = 'USER/u-mallory/acc-prod/ps-later';
  world.cloud.assignments = [];
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    look: async () => ({ state: 'gone' as const, remaining: [], since: [{ key, words: 'came later' }] }),
  }));
  const runner = world.run({ kinds });
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await runner.stop();
  expect(world.cloud.changes).toEqual([]);
  expect(factOf(world, id, 'succeeded')).toMatchObject({ alreadyGone: true });
  expect(factOf(world, id, 'proof')).toMatchObject({ since: [{ key }] });
});
