import { webApi } from '@slack/bolt';
import { expect, it } from 'vitest';
import { createFollower, type FollowerOptions } from '../../src/slack/follower.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';

const bench = async (over: Partial<FollowerOptions> = {}) => {
  const clock = createVirtualClock();
  const ledger = createMemoryLedger({ clock });
  const add = (words: string) => ledger.append('bot', null, [{ fact: 'anchor', words }]);
  const followed: number[] = [];
  const state = { error: undefined as Error | undefined };
  const options: FollowerOptions = {
    name: 'audit',
    ledger,
    clock,
    log: silent,
    batch: 2,
    follow: async (records) => {
      if (state.error) throw state.error;
      followed.push(...records.map(({ seq }) => seq));
      return records.at(-1)?.seq ?? 0;
    },
    ...over,
  };
  await add('one');
  await add('two');
  await add('three');
  return { clock, ledger, add, followed, state, options, follower: createFollower(options) };
};

it('follows everything in order, in batches, and then what comes', async () => {
  const { clock, add, followed, follower } = await bench();
  follower.start();
  await clock.runUntil(() => follower.isLevel());
  await add('four');
  await clock.runUntil(() => follower.isLevel());
  expect(followed).toEqual([1, 2, 3, 4]);
  await follower.stop();
  expect(clock.sleeping()).toBe(0);
});

it('goes on at the cursor where an earlier one stood', async () => {
  const { clock, ledger, followed, follower } = await bench();
  await ledger.moveCursor('audit', 2);
  follower.start();
  await clock.runUntil(() => follower.isLevel());
  expect(followed).toEqual([3]);
  await follower.stop();
});

it('holds its cursor while it fails, waits longer each time, and leaves nothing out', async () => {
  const { clock, ledger, add, followed, state, follower } = await bench();
  state.error = new Error('down');
  follower.start();
  await clock.advance(0);
  expect(ledger.cursor('audit')).toBe(0);
  expect(follower.trouble()).toBe(1);
  // A wake-up does not shorten the wait.
  await add('four');
  await settle();
  expect(follower.trouble()).toBe(1);
  await clock.advance(1_000);
  expect(follower.trouble()).toBe(2);
  await clock.advance(10 * 60_000);
  const tries = follower.trouble() ?? 0;
  expect(tries).toBeGreaterThan(10);
  expect(tries).toBeLessThan(20);
  state.error = undefined;
  await clock.advance(60_000);
  expect(followed).toEqual([1, 2, 3, 4]);
  expect(follower.trouble()).toBeUndefined();
  await follower.stop();
});

it('waits as long as Slack asks for', async () => {
  const { clock, followed, state, follower } = await bench();
  state.error = new webApi.WebAPIRateLimitedError(30);
  follower.start();
  await clock.advance(0);
  state.error = undefined;
  await clock.advance(29_999);
  expect(followed).toEqual([]);
  await clock.advance(1);
  expect(followed).toEqual([1, 2, 3]);
  await follower.stop();
});

it('keeps what it was told is done, when only a part of a batch is', async () => {
  const seen: number[][] = [];
  const { clock, follower } = await bench({
    batch: 10,
    follow: async (records) => {
      seen.push(records.map(({ seq }) => seq));
      return records[0]?.seq ?? 0;
    },
  });
  follower.start();
  await clock.runUntil(() => follower.isLevel());
  expect(seen).toEqual([[1, 2, 3], [2, 3], [3]]);
  await follower.stop();
});

it('begins again with short waits after work that was due by time went well, also when there was nothing to follow', async () => {
  let fails = true;
  const tries: number[] = [];
  const { clock, follower } = await bench({
    tick: async () => {
      tries.push(clock.now());
      if (fails) throw new Error('down');
      return 1_000;
    },
  });
  follower.start();
  await clock.advance(60_000);
  fails = false;
  await clock.advance(60_000);
  expect(follower.trouble()).toBeUndefined();
  fails = true;
  await clock.advance(1_000);
  const before = tries.length;
  await clock.advance(1_000);
  expect(tries.length).toBe(before + 1);
  await follower.stop();
});
