import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { useTheatre } from '../browser.ts';
import { askForMallory, becomes, decide, dismiss, send } from '../steps.ts';

const theatre = useTheatre();

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core holds against the page as it is now, as lines. */
const violations = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run()');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
};

/** Whether the page can be scrolled sideways. */
const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe('nothing stands in anybody’s way', () => {
  it.each([
    ['light', 1280],
    ['dark', 400],
  ] as const)('in the %s scheme at %i px', (scheme, width) =>
    theatre(async ({ as }) => {
      const alice = await as('alice', { scheme, width });
      const check = async (what: string) => {
        expect({ what, violations: await violations(alice), tooWide: await isTooWide(alice) }).toEqual({
          what,
          violations: [],
          tooWide: false,
        });
      };
      await check('an empty channel');
      await alice.getByRole('combobox', { name: 'Message # inc-042' }).fill('/');
      await check('the commands');
      await send(alice, '/revoke-profile');
      await alice.locator('dialog.modal').waitFor();
      await alice.getByRole('button', { name: 'Review' }).click();
      await check('a form with errors');
      await dismiss(alice);
      await send(alice, '/revoke-profile mallory.finch INC-42 "Laptop stolen"');
      await alice.getByRole('button', { name: 'Review' }).click();
      await alice.getByRole('button', { name: 'Request approval' }).waitFor();
      await check('the review');
      await dismiss(alice);
      await askForMallory(alice);
      await check('a card that waits');
      const bob = await as('bob');
      await decide(bob, 'R-000001', 'Approve');
      await becomes(alice, 'R-000001 · succeeded');
      await check('a finished card');
      if (width === 400) await alice.getByRole('button', { name: 'Cloud' }).click();
      else await alice.getByRole('tab', { name: 'Huawei Cloud' }).click();
      await alice.getByLabel('User or group').selectOption({ label: 'trent.osei (Trent Osei)' });
      await check('the cloud');
    }),
  );
});
