import { expect, it } from 'vitest';
import { throughAll } from '../../src/domain/stages.ts';

const fails = async (words: string) => {
  throw new Error(words);
};

it('goes on with each stage only when all parts of the one before are over', async () => {
  const done: string[] = [];
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const all = throughAll([
    () => [slow.then(() => done.push('slow')), Promise.resolve(done.push('quick'))],
    () => [Promise.resolve(done.push('next'))],
  ]);
  expect(done).toEqual(['quick']);
  release();
  await all;
  expect(done).toEqual(['quick', 'slow', 'next']);
});

it('leaves out nothing after a failure, and tells all failures at the end', async () => {
  const done: string[] = [];
  const all = throughAll([
    () => [fails('the disk is full'), Promise.resolve(done.push('beside'))],
    () => [fails('no answer')],
    () => [Promise.resolve(done.push('last'))],
  ]);
  await expect(all).rejects.toThrow('the disk is full; no answer');
  expect(done).toEqual(['beside', 'last']);
});
