import { expect, it } from 'vitest';
import { type Ledger, LedgerFault } from '../../src/domain/ports.ts';
import { approve } from '../../src/workflow/approve.ts';
import { cancel } from '../../src/workflow/cancel.ts';
import { createRunner } from '../../src/workflow/runner.ts';
import { createSubmit } from '../../src/workflow/submit.ts';
import { ada, createWorld, nora, oneAssignment, wholeProfile } from '../support/world.ts';

const minutes = 60_000;

it.each([
  ['and says so', (ledger: Ledger) => ledger],
  // A full disk refuses appends, and that is all that is known of it.
  ['and only its appends tell', (ledger: Ledger): Ledger => ({ ...ledger, trouble: () => undefined })],
])('begins nothing while the ledger cannot be written %s, and goes on once it can', async (_how, seen) => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  world.memory.trouble = 'the disk is full';
  const runner = createRunner({ ...world.needs, ledger: seen(world.ledger) });
  runner.start();
  await world.clock.advance(5 * minutes);
  expect(world.cloud.changes).toEqual([]);
  world.memory.trouble = undefined;
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await runner.stop();
  expect(world.cloud.changes).toHaveLength(1);
});

it('reads nothing for a ledger that says that it cannot be written, and is alive all the same', async () => {
  const world = createWorld();
  await world.ask('account-assignment', oneAssignment);
  const waits = await world.ask('profile', wholeProfile);
  const runner = createRunner(world.needs);
  world.memory.trouble = 'the disk is full';
  const before = world.cloud.reads();
  runner.start();
  await world.clock.advance(60 * minutes);
  expect([world.cloud.reads(), runner.isAlive()]).toEqual([before, true]);
  world.memory.trouble = undefined;
  await world.clock.runUntil(() => world.state(waits) === 'expired');
  await runner.stop();
});

it('is not alive while it cannot look at what is open, and is again once it can', async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  let isBroken = true;
  const open = () => {
    if (isBroken) throw new Error('the ledger has a bug');
    return world.ledger.open();
  };
  const runner = createRunner({ ...world.needs, ledger: { ...world.ledger, open } });
  runner.start();
  await world.clock.advance(minutes);
  expect(runner.isAlive()).toBe(false);
  isBroken = false;
  await world.clock.runUntil(() => world.state(id) === 'succeeded');
  expect(runner.isAlive()).toBe(true);
  isBroken = true;
  await world.clock.advance(minutes);
  expect(runner.isAlive()).toBe(false);
  await runner.stop();
});

it.each([
  ['once it can be written again', 10 * minutes],
  ['when the bot is stopped right then', 0],
])('records what the cloud answered while the ledger could not be written, %s', async (_when, still) => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  world.cloud.onChange = () => {
    world.memory.trouble = 'the disk is full';
  };
  // A full disk refuses appends, and that is all that is known of it.
  const runner = createRunner({ ...world.needs, ledger: { ...world.ledger, trouble: () => undefined } });
  runner.start();
  await world.clock.runUntil(() => world.memory.trouble !== undefined);
  await world.clock.advance(still);
  expect(world.words(id)).toEqual(['requested', 'approved', 'step_started']);
  world.memory.trouble = undefined;
  if (still === 0) await runner.stop();
  else await world.clock.runUntil(() => world.state(id) === 'succeeded');
  await runner.stop();
  expect(world.facts(id)[3]).toMatchObject({ fact: 'step_outcome', outcome: 'accepted', job: 'job-1' });
  expect(world.cloud.changes).toHaveLength(1);
});

it('begins nothing on a journal that was found damaged, although it still takes appends', async () => {
  const world = createWorld();
  const id = await world.ask('account-assignment', oneAssignment);
  let damaged = false;
  const trouble = () => (damaged ? 'line 7 is not what was written' : undefined);
  const { look } = world.kind('account-assignment');
  const kinds = world.needs.kinds.map((kind) => ({
    ...kind,
    // The damage is found between the first read and the call.
    look: (...args: Parameters<typeof look>) => {
      damaged = true;
      return kind.look(...args);
    },
  }));
  const runner = createRunner({ ...world.needs, kinds, ledger: { ...world.ledger, trouble } });
  runner.start();
  await world.clock.advance(5 * minutes);
  await runner.stop();
  expect(world.words(id)).toEqual(['requested', 'approved']);
  expect(world.cloud.changes).toEqual([]);
});

it('refuses what would not be executed on a damaged journal, and takes what stops it', async () => {
  const world = createWorld();
  const id = await world.ask('profile', wholeProfile);
  const ledger = { ...world.ledger, trouble: () => 'line 7 is not what was written' };
  const needs = { ...world.needs, ledger };
  await expect(approve(needs, id, world.click(ada))).rejects.toThrow(new LedgerFault(ledger.trouble()));
  const submission = world.submission(await world.assess('account-assignment', oneAssignment));
  await expect(createSubmit(needs)(submission)).rejects.toThrow(new LedgerFault(ledger.trouble()));
  expect(world.words(id)).toEqual(['requested']);
  expect(ledger.open()).toEqual([id]);
  expect(await cancel(needs, id, world.click(nora))).toMatchObject({ result: 'appended' });
});
