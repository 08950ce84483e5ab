import { describe, expect, it } from 'vitest';
import { inTime, late, withDeadline } from '../../src/directory/deadline.ts';
import { createPace } from '../../src/directory/pace.ts';
import { createVirtualClock, settle } from '../support/virtual-clock.ts';

const hour = 3_600_000;
const never = new Promise<string>(() => undefined);

describe('a pace', () => {
  it('begins one job after another, with room between their beginnings', async () => {
    const clock = createVirtualClock(0);
    const pace = createPace(clock, 50);
    const begun: number[] = [];
    const job = async () => {
      begun.push(clock.now());
      await clock.sleep(20);
    };
    const all = Promise.all([pace(job), pace(job), pace(job)]);
    await clock.advance(200);
    await all;
    expect(begun).toEqual([0, 50, 100]);
  });

  it('adds nothing where the jobs themselves take longer, and never runs two at a time', async () => {
    const clock = createVirtualClock(0);
    const pace = createPace(clock, 50);
    const begun: number[] = [];
    const job = async () => {
      begun.push(clock.now());
      await clock.sleep(80);
    };
    const all = Promise.all([pace(job), pace(job)]);
    await clock.advance(200);
    await all;
    expect(begun).toEqual([0, 80]);
  });

  it('keeps nobody waiting for a clock that was set back', async () => {
    const clock = createVirtualClock(hour);
    const pace = createPace(clock, 50);
    await pace(async () => undefined);
    await clock.advance(-hour);
    const begun = pace(async () => clock.now());
    await clock.advance(100);
    expect(await begun).toBe(50);
  });

  it('hands on what a job comes to, and goes on after one that fails', async () => {
    const pace = createPace(createVirtualClock(0), 0);
    const failing = pace(async () => Promise.reject(new Error('no'))).catch(String);
    expect([await failing, await pace(async () => 'yes')]).toEqual(['Error: no', 'yes']);
  });
});

describe('a deadline', () => {
  it('lets each answer come until then, and leaves no sleeper behind', async () => {
    const clock = createVirtualClock(0);
    const waiting = withDeadline(clock, 100, async ({ by }) => [
      await by(clock.sleep(60).then(() => 'first')),
      await by(clock.sleep(60).then(() => 'second')),
      await by(never),
    ]);
    await clock.advance(100);
    expect(await waiting).toEqual(['first', late, late]);
    await clock.advance(1_000);
    expect(clock.sleeping()).toBe(0);
  });

  it('ends with the answer when that is there', async () => {
    const clock = createVirtualClock(0);
    expect(await inTime(clock, 100, Promise.resolve('now'))).toBe('now');
    await settle();
    expect(clock.sleeping()).toBe(0);
  });

  it('passes on a failure that comes in time', async () => {
    const clock = createVirtualClock(0);
    await expect(inTime(clock, 100, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
