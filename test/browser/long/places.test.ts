import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { useTheatre } from '../browser.ts';
import { askForMallory, dismiss, send } from '../steps.ts';

const theatre = useTheatre();

it('the app has a place of its own: from its Home, on a phone, an approver opens a request and approves it', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    await askForMallory(alice);
    const bob = await as('bob', { width: 400, scheme: 'dark' });
    await bob.goto(bob.url().replace('at=inc-042', 'at=app'));
    await bob.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    await bob.getByRole('button', { name: 'Open R-000001' }).click();
    const view = bob.locator('dialog.modal');
    await view.getByText('Laptop stolen').waitFor();
    await view.getByRole('button', { name: /^Approve/ }).click();
    await bob.locator('dialog[open]').getByRole('button', { name: 'Approve', exact: true }).last().click();
    await view.getByText('You approved R-000001').waitFor();
    await dismiss(bob);
    await bob.getByText('Nothing waits for you.').waitFor();
    await bob.getByRole('tab', { name: 'Messages' }).click();
    await bob.getByText('R-000001 was approved by Bob Lindqvist').waitFor();
    expect(await bob.getByRole('button', { name: /^Open/ }).count()).toBe(0);
  }));

it('the link beside the persona opens a second window as somebody else', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    const opened = alice.context().waitForEvent('page');
    await alice.getByRole('link', { name: 'Second window as Bob' }).click();
    const second = await opened;
    await second.locator('.conversation').waitFor();
    expect(await second.getByLabel('You are').inputValue()).toBe('bob');
    expect(await alice.getByLabel('You are').inputValue()).toBe('alice');
  }));

it('an ephemeral answer is gone after a reload, and what was posted is not', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    await send(alice, 'Who is on call?');
    await send(alice, '/revocations help');
    await alice.locator('.only-you').waitFor();
    await alice.reload();
    await alice.getByText('Who is on call?').waitFor();
    expect(await alice.locator('.only-you').count()).toBe(0);
  }));

it('what the app does not answer in 3 s is told in Slack’s words', () =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice');
    await send(alice, '/revoke-profile mallory.finch INC-42 "Laptop stolen"');
    await alice.getByRole('button', { name: 'Review' }).waitFor();
    rehearsal.sandbox().slack.switches.dropAcks = 1;
    await alice.getByRole('button', { name: 'Review' }).click();
    const spinner = alice.getByRole('img', { name: 'Sending' });
    await spinner.waitFor();
    expect(await alice.getByText('We had some trouble connecting').count()).toBe(0);
    await alice.getByText('We had some trouble connecting. Try again?').waitFor();
    expect(await spinner.count()).toBe(0);
  }));

it('a form that could not be sent keeps what was typed, and is sent again', () =>
  theatre(async ({ as, rehearsal }) => {
    const { switches } = rehearsal.sandbox().slack;
    const alice = await as('alice');
    await send(alice, '/revoke-profile mallory.finch INC-42 "Laptop stolen"');
    await alice.getByRole('button', { name: 'Review' }).waitFor();
    switches.outage = true;
    await alice.getByRole('button', { name: 'Review' }).click();
    await alice.getByText('We had some trouble connecting. Try again?').waitFor();
    expect(await alice.getByLabel('Reason').inputValue()).toBe('Laptop stolen');
    switches.outage = false;
    await alice.getByRole('button', { name: 'Review' }).click();
    await alice.getByRole('button', { name: 'Request approval' }).waitFor();
  }));

it('the story can be watched: it plays to its end over the shoulder of whoever acts', () =>
  theatre(async ({ as }) => {
    const page = await as('oscar');
    await page.getByRole('button', { name: 'Start over and play the story' }).click();
    await page.getByText('Every step held.').waitFor({ timeout: 40_000 });
    expect(await page.getByLabel('You are').inputValue()).not.toBe('oscar');
    expect(await page.locator('.messages .message').count()).toBeGreaterThan(3);
  }));

it('the page itself is smaller than 300 kB compressed', () =>
  theatre(({ assets }) => {
    const sizes = [...new Set(assets.values())].map(({ body }) => gzipSync(body).length);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    return Promise.resolve();
  }));
