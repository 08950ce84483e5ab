import { expect, it } from 'vitest';
import { holdTheRules } from './rules/play.ts';

it('whatever happens in whatever order, the rules hold and every request comes to its end', async () => {
  expect(await holdTheRules(2_000)).toEqual([]);
}, 300_000);
