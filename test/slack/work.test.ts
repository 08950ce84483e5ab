import { expect, it } from 'vitest';
import { createWork } from '../../src/slack/work.ts';
import { settle } from '../support/virtual-clock.ts';
import { silent } from '../support/world.ts';

it('tells the person when a job fails, at once or later, and never throws', async () => {
  const work = createWork(silent);
  const told: string[] = [];
  const tell = async (error: unknown) => {
    told.push(String(error));
  };
  work.begin(
    'at once',
    'U1',
    () => {
      throw new Error('at once');
    },
    tell,
  );
  work.begin('later', 'U1', async () => Promise.reject(new Error('later')), tell);
  work.begin(
    'twice',
    'U1',
    async () => Promise.reject(new Error('twice')),
    async () => Promise.reject(new Error('told')),
  );
  await work.settled();
  expect(told.toSorted()).toEqual(['Error: at once', 'Error: later']);
});

it('is settled only when everything has ended', async () => {
  const work = createWork(silent);
  let finish = (): void => undefined;
  let done = false;
  work.begin(
    'slow',
    'U1',
    async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      done = true;
    },
    async () => undefined,
  );
  const settled = work.settled();
  await Promise.resolve();
  expect(done).toBe(false);
  finish();
  await settled;
  expect(done).toBe(true);
});

const nothing = async (): Promise<void> => undefined;

/** Jobs that end only when they are told to. */
const createHalls = () => {
  const work = createWork(silent);
  const inside: string[] = [];
  const ends: (() => void)[] = [];
  return {
    work,
    /** Whose jobs were begun, in that order. */
    inside,
    ask: (person: string, times = 1): void => {
      for (let left = times; left > 0; left -= 1) {
        work.begin(
          'click',
          person,
          () =>
            new Promise((resolve) => {
              inside.push(person);
              ends.push(resolve);
            }),
          nothing,
        );
      }
    },
    /** Ends the oldest job that is under way. */
    end: async (): Promise<void> => {
      ends.shift()?.();
      await settle();
    },
    left: () => ends.length,
  };
};

it('works on twenty-five things of one person at a time, and on those of others meanwhile', async () => {
  const { work, inside, ask, end, left } = createHalls();
  ask('U1', 40);
  ask('U2');
  await settle();
  expect(inside).toEqual([...Array.from({ length: 25 }, () => 'U1'), 'U2']);
  await end();
  expect(inside.slice(26)).toEqual(['U1']);
  while (inside.length < 41) await end();
  ask('U1');
  await settle();
  expect(inside).toHaveLength(41);
  while (left() > 0) await end();
  expect(inside).toHaveLength(42);
  await work.settled();
  ask('U1', 26);
  await settle();
  expect(left(), 'at a time, after all have ended').toBe(25);
  while (left() > 0) await end();
  await work.settled();
});

it('goes on with the next thing after one that failed', async () => {
  const work = createWork(silent);
  const done: number[] = [];
  for (let number = 0; number < 60; number += 1) {
    work.begin(
      'click',
      'U1',
      async () => {
        done.push(number);
        if (number < 30) throw new Error('no');
      },
      nothing,
    );
  }
  await work.settled();
  expect(done).toEqual(Array.from({ length: 60 }, (_, number) => number));
});

it('leaves nothing out, however much one person asks for', async () => {
  const { work, inside, ask, end, left } = createHalls();
  ask('U1', 2_000);
  await settle();
  while (left() > 0) await end();
  await work.settled();
  expect(inside).toHaveLength(2_000);
});
