import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useTheatre } from './browser.ts';
import { becomes, dismiss } from './steps.ts';

const theatre = useTheatre();

/** Moves with Tab (or back, with Shift) until the focus is on something with this name. */
const tabTo = async (page: Page, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
  for (let presses = 0; presses < 80; presses += 1) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element?.getAttribute('aria-label') ?? '';
      const labels =
        element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
          ? [...(element.labels ?? [])]
          : [];
      return [label, element?.textContent ?? '', ...labels.map((one) => one.textContent ?? '')]
        .join(' ')
        .trim();
    });
    if (name.test(focused)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The focus never came to ${name}`);
};

it.each([1280, 400])('from the command to the approval with the keyboard only, %i px wide', (width) =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice', { width });
    await tabTo(alice, /Message # inc-042/);
    await alice.keyboard.type('/revoke-p');
    await alice.getByRole('option', { name: '/revoke-profile' }).waitFor();
    await alice.keyboard.press('Tab');
    await alice.keyboard.press('Enter');

    await alice.getByRole('combobox', { name: 'Who loses access' }).waitFor();
    await tabTo(alice, /^Who loses access/);
    await alice.keyboard.type('finch');
    await alice.getByRole('option', { name: 'mallory.finch' }).waitFor();
    await alice.keyboard.press('Enter');
    await tabTo(alice, /^Reason/);
    await alice.keyboard.type('Laptop stolen');
    await tabTo(alice, /^Review$/);
    await alice.keyboard.press('Enter');
    await alice.getByRole('button', { name: 'Request approval' }).waitFor();
    expect(await alice.evaluate(() => document.activeElement?.closest('dialog')?.open)).toBe(true);
    await tabTo(alice, /^Request approval$/);
    await alice.keyboard.press('Enter');
    await becomes(alice, 'R-000001 · waiting');
    await dismiss(alice);

    const bob = await as('bob', { width });
    await tabTo(bob, /^Approve$|Approve R-000001/);
    await bob.keyboard.press('Enter');
    await bob.locator('dialog[open]').waitFor();
    await tabTo(bob, /^Approve$/);
    await bob.keyboard.press('Enter');
    await becomes(bob, 'R-000001 · succeeded');
    expect(rehearsal.sandbox().cloud.calls.changes()).toHaveLength(1);
  }),
);
