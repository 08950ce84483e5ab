import { expect, it } from 'vitest';
import { inTurns } from '../../src/domain/in-turns.ts';

const numbers = Array.from({ length: 50 }, (_, index) => index);
const aTurn = () => new Promise((resolve) => setImmediate(resolve));

it('gives the results in the order of the items, with eight under way at most', async () => {
  let underWay = 0;
  let most = 0;
  const results = await inTurns(numbers, async (number) => {
    underWay += 1;
    most = Math.max(most, underWay);
    for (let turn = number % 3; turn >= 0; turn -= 1) await aTurn();
    underWay -= 1;
    return number * 2;
  });
  expect(results).toEqual(numbers.map((number) => number * 2));
  expect(most).toBe(8);
});

it('begins nothing any more after something went wrong, and says what', async () => {
  const begun: number[] = [];
  const work = inTurns(numbers, async (number) => {
    begun.push(number);
    await aTurn();
    if (number === 3) throw new Error('the fourth');
  });
  await expect(work).rejects.toThrow('the fourth');
  await aTurn();
  await aTurn();
  expect(begun.length).toBeLessThan(16);
});

it('has nothing to do for nobody', async () => {
  expect(await inTurns([], async () => 'x')).toEqual([]);
});
