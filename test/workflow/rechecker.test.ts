import { describe, expect, it } from 'vitest';
import { CloudFault } from '../../src/domain/ports.ts';
import { createRechecker } from '../../src/workflow/rechecker.ts';
import { settle } from '../support/virtual-clock.ts';
import {
  ada,
  createWorld,
  oneAssignment,
  oneModelArtsUser,
  row,
  silent,
  type World,
  wholeProfile,
} from '../support/world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const times = [15 * minute, day];
const grant = row('u-mallory', 'acc-prod', 'ps-admin');

/** A request that was proven gone just now. */
const succeeded = async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  await world.finish(id);
  expect(world.state(id)).toBe('succeeded');
  return { ...world, id, changes: world.cloud.changes.length };
};
/** Re-checks for a while, and stops. */
const recheckFor = async (world: Pick<World, 'needs' | 'clock'>, ms: number, after = times) => {
  const rechecker = createRechecker(world.needs, after);
  rechecker.start();
  await world.clock.advance(ms);
  await rechecker.stop();
  expect(world.clock.sleeping()).toBe(0);
};
const rereads = (world: Pick<World, 'facts'>, id: string) =>
  world.facts(id).filter(({ fact }) => fact === 'stayed_gone' || fact === 'came_back');

describe('what stays gone', () => {
  it('is read again at each of the times, and not any more after them', async () => {
    const world = await succeeded();
    await recheckFor(world, 15 * minute - 1);
    expect(rereads(world, world.id)).toEqual([]);
    await recheckFor(world, 1);
    expect(rereads(world, world.id)).toEqual([{ fact: 'stayed_gone', after: 15 * minute }]);
    await recheckFor(world, 3 * day);
    expect(rereads(world, world.id).at(-1)).toEqual({ fact: 'stayed_gone', after: day });
    expect(rereads(world, world.id)).toHaveLength(2);
    expect(world.state(world.id)).toBe('succeeded');
    expect(world.cloud.changes).toHaveLength(world.changes);
  });

  it('is read once for all re-checks that a stop has missed', async () => {
    const world = await succeeded();
    await world.clock.advance(2 * day);
    await recheckFor(world, 2 * day);
    expect(rereads(world, world.id)).toEqual([{ fact: 'stayed_gone', after: 2 * day }]);
  });

  it('is not read any more when all re-checks are more than a week late', async () => {
    const world = await succeeded();
    await world.clock.advance(8 * day + 1);
    const reads = world.cloud.reads();
    await recheckFor(world, day);
    expect(rereads(world, world.id)).toEqual([]);
    expect(world.cloud.reads()).toBe(reads);
  });

  it('is never read where no times are given', async () => {
    const world = await succeeded();
    await recheckFor(world, 3 * day, []);
    expect(rereads(world, world.id)).toEqual([]);
  });

  it('is read again also where nothing had to be called', async () => {
    const world = createWorld();
    const first = await world.ask('account-assignment', oneAssignment);
    const second = await world.ask('account-assignment', oneAssignment);
    await world.finish(first);
    await world.finish(second);
    expect(world.facts(second).at(-1)).toMatchObject({ fact: 'succeeded', alreadyGone: true });
    await recheckFor(world, 15 * minute);
    expect([first, second].map((id) => rereads(world, id).length)).toEqual([1, 1]);
  });

  it('is read while the bot works, from the success on that it sees', async () => {
    const world = createWorld();
    const rechecker = createRechecker(world.needs, times);
    rechecker.start();
    await world.clock.advance(10 * minute);
    const id = await world.ask('modelarts-authorization', oneModelArtsUser);
    await world.finish(id);
    await world.clock.advance(15 * minute);
    await rechecker.stop();
    expect(rereads(world, id)).toEqual([{ fact: 'stayed_gone', after: 15 * minute }]);
  });

  it('is read in time also where that is soon', async () => {
    const world = createWorld();
    const rechecker = createRechecker(world.needs, [7_000]);
    rechecker.start();
    await world.clock.advance(3_000);
    const id = await world.ask('modelarts-authorization', oneModelArtsUser);
    await world.finish(id);
    await world.clock.advance(7_000);
    await rechecker.stop();
    expect(rereads(world, id)).toEqual([{ fact: 'stayed_gone', after: 7_000 }]);
  });

  it('counts only what was approved', async () => {
    const world = createWorld();
    const id = await world.ask('profile', wholeProfile);
    await world.approve(id, ada);
    await world.finish(id);
    world.cloud.assignments.push(row('u-mallory', 'acc-new', 'ps-new'));
    await recheckFor(world, 15 * minute);
    expect(rereads(world, id)).toMatchObject([{ fact: 'stayed_gone' }]);
  });
});

describe('what came back', () => {
  it('is named, and told once', async () => {
    const world = await succeeded();
    world.cloud.assignments.push(grant);
    await recheckFor(world, 3 * day);
    expect(rereads(world, world.id)).toEqual([
      {
        fact: 'came_back',
        grants: [expect.objectContaining({ key: 'USER/u-mallory/acc-prod/ps-admin' })],
      },
    ]);
    expect(world.state(world.id)).toBe('succeeded');
    expect(world.cloud.changes).toHaveLength(world.changes);
  });

  it('is seen at the second time, too', async () => {
    const world = await succeeded();
    await recheckFor(world, 15 * minute);
    world.cloud.assignments.push(grant);
    await recheckFor(world, day);
    expect(rereads(world, world.id).map(({ fact }) => fact)).toEqual(['stayed_gone', 'came_back']);
  });
});

it('what came back is told also where running deletions may not be listed', async () => {
  const world = await succeeded();
  world.cloud.assignments.push(grant);
  const call = world.needs.cloud.call.bind(world.needs.cloud);
  world.needs.cloud.call = (request) => {
    if (request.path.at(-1) === 'deletion-statuses')
      throw new CloudFault('refused', 'No', { status: 403, retryable: false });
    return call(request);
  };
  await recheckFor(world, 15 * minute);
  expect(rereads(world, world.id)).toMatchObject([{ fact: 'came_back' }]);
});

describe('a cloud that cannot be asked', () => {
  it('is tried again with growing pauses, and nothing is guessed', async () => {
    const world = await succeeded();
    const readAt: number[] = [];
    const call = world.needs.cloud.call.bind(world.needs.cloud);
    const from = world.clock.now();
    world.needs.cloud.call = (request) => {
      readAt.push((world.clock.now() - from) / minute);
      return call(request);
    };
    world.cloud.everyRead = { as: 'too-late', acted: false };
    await recheckFor(world, 4 * 60 * minute);
    expect(rereads(world, world.id)).toEqual([]);
    expect(readAt).toEqual([15, 16, 18, 22, 30, 46, 78, 138, 198]);
    world.cloud.everyRead = undefined;
    await recheckFor(world, 1);
    expect(rereads(world, world.id)).toMatchObject([{ fact: 'stayed_gone' }]);
  });

  it('is said in the log, and holds up no other', async () => {
    const world = await succeeded();
    const other = await world.ask('modelarts-authorization', oneModelArtsUser);
    await world.finish(other);
    const said: unknown[] = [];
    const needs = {
      ...world.needs,
      log: { ...silent, warn: (_: string, fields?: object) => said.push(fields) },
    };
    world.cloud.readTroubles.push({ as: 'not-reached' });
    const rechecker = createRechecker(needs, times);
    rechecker.start();
    await world.clock.advance(15 * minute + 1_000);
    expect(said).toMatchObject([{ id: world.id, inMs: minute }]);
    expect(rereads(world, other)).toHaveLength(1);
    await world.clock.advance(minute);
    expect(rereads(world, world.id)).toHaveLength(1);
    world.cloud.readTroubles.push({ as: 'not-reached' });
    await world.clock.advance(day);
    await rechecker.stop();
    expect(said.slice(1)).toMatchObject([{ id: world.id, inMs: minute }]);
  });
});

describe('re-checks', () => {
  it('of two bots on one ledger record each reading once', async () => {
    const world = await succeeded();
    const both = [createRechecker(world.needs, times), createRechecker(world.needs, times)];
    for (const one of both) one.start();
    await world.clock.advance(2 * day);
    for (const one of both) await one.stop();
    expect(rereads(world, world.id).map(({ fact }) => fact)).toEqual(['stayed_gone', 'stayed_gone']);
  });

  it('of many at once read a few at a time', async () => {
    const world = createWorld({ unapprovedLimit: 1_000 });
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) {
      const id = await world.ask('account-assignment', oneAssignment);
      ids.push(id);
    }
    for (const id of ids) await world.finish(id);
    let [now, most] = [0, 0];
    const call = world.needs.cloud.call.bind(world.needs.cloud);
    world.needs.cloud.call = async (request) => {
      now += 1;
      most = Math.max(most, now);
      await settle();
      return call(request).finally(() => {
        now -= 1;
      });
    };
    const rechecker = createRechecker(world.needs, times);
    await world.clock.advance(20 * minute);
    rechecker.start();
    for (let n = 0; n < 100; n += 1) await settle();
    await rechecker.stop();
    expect(ids.map((id) => rereads(world, id).length)).toEqual(ids.map(() => 1));
    expect(most).toBe(4);
  });

  it('hold up no stop, and record nothing after it', async () => {
    const world = await succeeded();
    const answers: (() => void)[] = [];
    const call = world.needs.cloud.call.bind(world.needs.cloud);
    world.needs.cloud.call = async (request) => {
      await new Promise<void>((resolve) => {
        answers.push(resolve);
      });
      return call(request);
    };
    await recheckFor(world, 15 * minute);
    for (let n = 0; n < 5; n += 1) {
      for (const answer of answers.splice(0)) answer();
      await settle();
    }
    expect(rereads(world, world.id)).toEqual([]);
    expect(world.cloud.reads()).toBeGreaterThan(0);
  });

  it('wait while the ledger is in trouble', async () => {
    const world = await succeeded();
    const reads = world.cloud.reads();
    world.memory.trouble = 'the disk is full';
    await recheckFor(world, day);
    world.memory.trouble = undefined;
    expect(world.cloud.reads()).toBe(reads);
    expect(rereads(world, world.id)).toEqual([]);
    await recheckFor(world, 2 * minute);
    expect(rereads(world, world.id)).toHaveLength(1);
  });
});
