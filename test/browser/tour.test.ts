import { expect, it } from 'vitest';
import { useTheatre } from './browser.ts';
import { becomes, choose, chooseFirst, decide, dismiss, send } from './steps.ts';

const theatre = useTheatre();

it('a visitor takes the tour: five steps, each ticked off when it has really happened', () =>
  theatre(async ({ as, rehearsal }) => {
    const page = await as('alice');
    const done = () => page.locator('.step[data-state="done"]').count();
    const ticked = (count: number) =>
      page
        .locator('.step')
        .nth(count - 1)
        .and(page.locator('[data-state="done"]'))
        .waitFor();
    const persona = page.getByLabel('You are');
    expect(await done()).toBe(0);

    await page.getByRole('button', { name: 'Put the line into the message field' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await chooseFirst(page, 'Account', 'storefront', 'prod-storefront');
    await choose(page, 'Permission set', 'power', 'PowerUser');
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await becomes(page, 'R-000001 · succeeded');
    await dismiss(page);
    await ticked(1);

    await page.getByRole('button', { name: 'Put the line into the message field' }).click();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Request approval' }).click();
    await becomes(page, 'R-000002 · waiting');
    await dismiss(page);
    await decide(page, 'R-000002', 'Approve');
    await page.getByText('a second person has to approve').waitFor();
    expect(rehearsal.sandbox().cloud.calls.changes()).toHaveLength(1);
    await ticked(2);

    await persona.selectOption('bob');
    await decide(page, 'R-000002', 'Approve');
    await becomes(page, 'R-000002 · succeeded');
    await ticked(3);

    await persona.selectOption('alice');
    // What only she was told: the page is hers now, and its field will not be another one before the line is sent.
    await page.getByText('a second person has to approve').waitFor();
    await send(page, '/revoke-modelarts vision INC-42');
    await chooseFirst(page, 'Whose authorization', 'All', 'All users');
    await page.getByLabel('Reason').fill('The project is compromised');
    await page.getByRole('button', { name: 'Review' }).click();
    await page.getByRole('button', { name: 'Request approval' }).waitFor();
    await page.locator('dialog.modal input[type="text"]').fill('cn-north-4_vision');
    await page.getByRole('button', { name: 'Request approval' }).click();
    await becomes(page, 'R-000003 · waiting');
    await dismiss(page);
    await persona.selectOption('carol');
    await decide(page, 'R-000003', 'Approve');
    await becomes(page, 'R-000003 · succeeded');
    await ticked(4);

    await page.getByRole('button', { name: 'security-audit' }).click();
    await ticked(5);
    expect(await done()).toBe(5);
    await page.getByText('That was all of it').waitFor();
  }));
