import { expect, it } from 'vitest';
import { createWork } from '../../src/slack/work.ts';
import { silent } from '../support/world.ts';

it('tells the person when a job fails, at once or later, and never throws', async () => {
  const work = createWork(silent);
  const told: string[] = [];
  const tell = async (error: unknown) => {
    told.push(String(error));
  };
  work.begin(
    'at once',
    () => {
      throw new Error('at once');
    },
    tell,
  );
  work.begin('later', async () => Promise.reject(new Error('later')), tell);
  work.begin(
    'twice',
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
