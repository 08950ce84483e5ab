import { describe, expect, it } from 'vitest';
import { CloudFault } from '../../src/domain/ports.ts';
import { createRunner } from '../../src/workflow/runner.ts';
import { openMemoryLedger } from '../support/memory-ledger.ts';
import {
  allModelArtsUsers,
  createWorld,
  oneAssignment,
  patience,
  project,
  row,
  wholeProfile,
} from '../support/world.ts';

const minutes = 60_000;
const hours = 60 * minutes;

describe('a request that has begun comes to its end', () => {
  it('when its call is worth another try and reading back is refused for good', async () => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment);
    world.cloud.changeTroubles.push({ as: 'refused', status: 429 });
    world.cloud.onChange = () => {
      world.cloud.everyRead = { as: 'refused', status: 403 };
    };
    await world.finish(id, hours);
    expect(world.state(id)).toBe('unverified');
  });

  it('when its call is worth another try and the listing repeats its first page from then on', async () => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment);
    world.cloud.assignments.push(row('u-other', oneAssignment.account, oneAssignment.permission_set));
    world.cloud.changeTroubles.push({ as: 'refused', status: 429 });
    world.cloud.onChange = () => {
      world.cloud.mostRows = 1;
    };
    const call = world.cloud.call.bind(world.cloud);
    world.cloud.call = ({ query: { marker: _marker, ...query } = {}, ...request }) =>
      call({ ...request, query });
    await world.finish(id, hours);
    expect(world.state(id)).toBe('unverified');
  });

  it('when a later step can never be read in a form that was agreed on', async () => {
    const world = createWorld();
    world.cloud.authorizations.get(project)?.push({ user_id: 'all-users', user_type: 'all-users' });
    const id = await world.ask('modelarts-authorization', allModelArtsUsers);
    await world.approve(id);
    world.ledger.subscribe(() => {
      if (world.words(id).includes('proof'))
        world.cloud.everyRead = { as: 'unexpected-answer', acted: false };
    });
    await world.finish(id, hours);
    expect(world.state(id)).toBe('unverified');
    expect(world.cloud.changes).toHaveLength(1);
  });

  it('when the clock was set back after its call', async () => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment);
    world.cloud.delay = 240 * hours;
    let ahead = 50 * minutes;
    const clock = { ...world.clock, now: () => world.clock.now() + ahead };
    const runner = createRunner({ ...world.needs, clock, ledger: openMemoryLedger(world.memory, { clock }) });
    runner.start();
    await world.clock.advance(10_000);
    ahead = 0;
    await world.clock.advance(6 * minutes);
    await runner.stop();
    expect(world.state(id)).toBe('unverified');
  });

  it('when the clock was set back while a rejected key rests', async () => {
    const world = createWorld();
    const id = await world.ask('account-assignment', oneAssignment);
    world.cloud.changeTroubles.push({ as: 'refused', status: 401 });
    let ahead = 50 * minutes;
    world.cloud.onChange = () => {
      ahead = 0;
    };
    const clock = { ...world.clock, now: () => world.clock.now() + ahead };
    const runner = createRunner({ ...world.needs, clock, ledger: openMemoryLedger(world.memory, { clock }) });
    runner.start();
    await world.clock.advance(patience.authFailurePause + minutes);
    await runner.stop();
    expect(world.state(id)).toBe('succeeded');
  });
});

it('a proof has its time although the clock was set forward meanwhile', async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  world.cloud.delay = minutes;
  let ahead = 0;
  const clock = { ...world.clock, now: () => world.clock.now() + ahead };
  const runner = createRunner({ ...world.needs, clock, ledger: openMemoryLedger(world.memory, { clock }) });
  runner.start();
  await world.clock.advance(10_000);
  ahead = hours;
  await world.clock.advance(2 * minutes);
  await runner.stop();
  expect(world.state(id)).toBe('succeeded');
});

it('a bot that is started again and again says at last that it could not be proven', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  world.cloud.changeTroubles.push({ as: 'too-late', acted: false });
  let starts = 0;
  while (world.state(id) !== 'unverified' && starts < 100) {
    starts += 1;
    const runner = world.run();
    await world.clock.advance(33_000);
    await runner.stop();
  }
  expect(starts).toBeGreaterThan(9);
  expect(starts).toBeLessThan(100);
});

it('a read that fails right after a long stop ends nothing: the proof has its time from then on', async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  world.cloud.delay = 10_000;
  const before = world.run();
  await world.clock.advance(3_000);
  await before.stop();
  await world.clock.advance(hours);
  world.cloud.readTroubles.push({ as: 'not-reached' });
  await world.finish(id);
  expect(world.state(id)).toBe('succeeded');
});

it('an approved request expires in time although another one of its principal goes on and on', async () => {
  const world = createWorld();
  const first = await world.ask('account-assignment', oneAssignment);
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    start: () => Promise.reject(new CloudFault('not-reached', 'no way there', { retryable: true })),
  }));
  const runner = world.run({ kinds });
  await world.clock.advance(minutes);
  const second = await world.ask('profile', wholeProfile);
  await world.approve(second);
  const { startBefore } = world.request(second);
  world.cloud.everyRead = { as: 'not-reached' };
  await world.clock.advance(startBefore - world.clock.now() - 1);
  expect(world.state(second)).toBe('approved');
  await world.clock.advance(11_000);
  expect(world.state(second)).toBe('expired');
  expect(world.state(first)).toBe('executing');
  await runner.stop();
});

it('what was begun is not given up because the clock was set forward between two answers in no form that was agreed on', async () => {
  const world = createWorld();
  world.cloud.authorizations.get(project)?.push({ user_id: 'all-users', user_type: 'all-users' });
  const id = await world.ask('modelarts-authorization', allModelArtsUsers);
  await world.approve(id);
  let ahead = 0;
  const clock = { ...world.clock, now: () => world.clock.now() + ahead };
  const ledger = openMemoryLedger(world.memory, { clock });
  const runner = createRunner({ ...world.needs, clock, ledger });
  const unsubscribe = ledger.subscribe(() => {
    if (world.words(id).includes('proof')) world.cloud.everyRead = { as: 'unexpected-answer', acted: false };
  });
  runner.start();
  await world.clock.advance(10_000);
  unsubscribe();
  ahead = hours;
  await world.clock.advance(minutes);
  world.cloud.everyRead = undefined;
  await world.clock.advance(2 * minutes);
  await runner.stop();
  expect(world.state(id)).toBe('succeeded');
});

it('an approved request is not begun after its window, however long the checks before its first call take', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  await world.approve(id);
  const window = world.request(id).startBefore - world.clock.now();
  const { people, clock } = world;
  const slow = async <T>(asked: Promise<T>): Promise<T> => {
    await clock.sleep(0.6 * window);
    return asked;
  };
  const runner = world.run({ people: { ...people, who: (...asked) => slow(people.who(...asked)) } });
  await clock.advance(2 * window);
  await runner.stop();
  expect(world.state(id)).toBe('expired');
  expect(world.cloud.changes).toEqual([]);
});

it('a begun request is proven although an earlier one of its principal waits for Slack after a restart', async () => {
  const world = createWorld();
  const waiting = await world.ask('profile', wholeProfile);
  const begun = await world.ask('account-assignment', oneAssignment);
  world.cloud.delay = minutes;
  const before = world.run();
  await world.clock.advance(10_000);
  await world.approve(waiting);
  await before.stop();
  expect([world.state(waiting), world.state(begun)]).toEqual(['approved', 'verifying']);
  await world.clock.advance(2 * minutes);
  world.people.reachable = false;
  const after = world.run();
  await world.clock.advance(minutes);
  expect(world.state(begun)).toBe('succeeded');
  await after.stop();
});
