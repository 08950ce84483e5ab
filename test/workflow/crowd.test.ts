import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createWorld, oneAssignment, row, wholeProfile } from '../support/world.ts';

const hour = 60 * 60_000;

/** Requests that go on by rule, each for somebody else; none of them is begun yet. */
const createCrowd = async (count: number) => {
  const world = createWorld({ unapprovedLimit: count });
  const principals = Array.from({ length: count }, (_, number) => `u-${number}`);
  world.cloud.assignments = principals.map((id) => row(id, 'acc-prod', 'ps-admin'));
  const ids: string[] = [];
  for (const id of principals) {
    world.known.users.push({ id, userName: `user.${id}`, emails: [], displayName: id, enabled: true });
    ids.push(await world.ask('account-assignment', { ...oneAssignment, principal: id }));
  }
  world.cloud.delay = 60_000;
  return { ...world, ids };
};

it('begins a crowd one after the other, so that everything else has its turn, and brings all of it to its end', async () => {
  const { run, clock, cloud, ledger, ids, state } = await createCrowd(120);
  const runner = run();
  const begun: number[] = [];
  for (const wait of [0, 5, 490, 5, 1, 18]) {
    await clock.advance(wait);
    begun.push(cloud.changes.length);
    expect(runner.isAlive()).toBe(true);
  }
  expect(begun).toEqual([1, 2, 100, 101, 102, 120]);
  await clock.runUntil(() => ledger.open().length === 0);
  await runner.stop();
  expect(new Set(ids.map(state))).toEqual(new Set(['succeeded']));
  expect(cloud.changes).toHaveLength(120);
});

it('begins nothing more once it is told to stop, and the next one goes on with the rest', async () => {
  const { run, clock, cloud, ledger, needs } = await createCrowd(25);
  let leases = 0;
  needs.ledger = {
    ...ledger,
    lease: (...asked) => {
      leases += 1;
      return ledger.lease(...asked);
    },
  };
  const runner = run();
  await clock.advance(45);
  await runner.stop();
  expect(leases).toBe(10);
  expect(cloud.changes).toHaveLength(10);
  expect(clock.sleeping()).toBe(0);
  const next = run();
  await clock.runUntil(() => ledger.open().length === 0);
  await next.stop();
  expect(cloud.changes).toHaveLength(25);
});

it('stops a crowd fifty at a time, so that everything else has its turn', async () => {
  const { run, clock, cloud } = await createCrowd(160);
  const runner = run();
  await clock.advance(1_000);
  expect(cloud.changes).toHaveLength(160);
  const stopping = runner.stop();
  const left: number[] = [];
  for (let sleeping = clock.sleeping(); sleeping > 0; sleeping = clock.sleeping()) {
    left.push(sleeping);
    await setImmediate();
  }
  await stopping;
  // Each waits for its next reading and for the time to renew its lease.
  expect(left.slice(-3)).toEqual([220, 120, 20]);
});

it.each([
  { open: 100, looks: 'after each fact', atLeast: 20, atMost: Number.POSITIVE_INFINITY },
  { open: 101, looks: 'once for the facts of 20 ms', atLeast: 4, atMost: 6 },
])('looks around $looks while $open are open', async ({ open, atLeast, atMost }) => {
  const world = createWorld();
  for (let left = open; left > 0; left -= 1)
    await world.ask('profile', wholeProfile, { reason: `the ${left}th last` });
  let looks = 0;
  const { ledger, needs, clock } = world;
  needs.ledger = {
    ...ledger,
    open: () => {
      looks += 1;
      return ledger.open();
    },
  };
  const runner = world.run();
  await clock.advance(1);
  looks = 0;
  for (let ms = 0; ms < 100; ms += 5) {
    await ledger.append('bot', null, [{ fact: 'anchor', words: `at ${ms} ms` }]);
    await clock.advance(5);
  }
  await runner.stop();
  expect(looks).toBeGreaterThanOrEqual(atLeast);
  expect(looks).toBeLessThanOrEqual(atMost);
});

it('looks at no more of a crowd once it is told to stop: the next one says that the rest has expired', async () => {
  const world = createWorld();
  const { ledger, needs, clock, run } = world;
  for (let left = 25; left > 0; left -= 1)
    await world.ask('profile', wholeProfile, { reason: `the ${left}th last` });
  await clock.advance(hour);
  let stopped: Promise<void> | undefined;
  needs.ledger = {
    ...ledger,
    append: async (...asked) => {
      const appended = await ledger.append(...asked);
      stopped ??= runner.stop();
      return appended;
    },
  };
  const runner = run();
  await clock.advance(0);
  await stopped;
  expect(ledger.open()).toHaveLength(24);
  const next = run();
  await clock.runUntil(() => ledger.open().length === 0);
  await next.stop();
});
