import { expect, it } from 'vitest';
import { holdTheRules } from '../workflow/rules/play.ts';

/** Half of 100,000 stories; `rules-2.test.ts` has the other half, so that two cores can share them. */
it('the rules hold in 50,000 random stories', async () => {
  expect(await holdTheRules(50_000)).toEqual([]);
}, 3_600_000);
