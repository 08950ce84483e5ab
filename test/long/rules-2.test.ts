import { expect, it } from 'vitest';
import { holdTheRules } from '../workflow/rules/play.ts';

/** The other half of 100,000 stories. */
it('the rules hold in 50,000 more random stories', async () => {
  expect(await holdTheRules(50_000)).toEqual([]);
}, 3_600_000);
