import { expect, it } from 'vitest';
import { useTheatre } from './browser.ts';
import { askForMallory, becomes, card, decide, send } from './steps.ts';

const theatre = useTheatre();

it('nobody approves their own request, and the page says so only to them', () =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice');
    const bob = await as('bob');
    await askForMallory(alice);
    await decide(alice, 'R-000001', 'Approve');
    const refusal = alice.locator('.only-you', { hasText: 'a second person has to approve' });
    await refusal.getByText('Only visible to you').waitFor();
    await becomes(bob, 'R-000001 · waiting');
    expect(await bob.locator('.only-you').count()).toBe(0);
    expect(rehearsal.sandbox().cloud.calls.changes()).toEqual([]);
  }));

it('a second person approves in a window of their own, and both see it end without a reload', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    const bob = await as('bob');
    await askForMallory(alice);
    await decide(bob, 'R-000001', 'Approve');
    await becomes(alice, 'R-000001 · succeeded');
    await becomes(bob, 'R-000001 · succeeded');
    expect(
      await card(alice, 'R-000001')
        .getByRole('button', { name: /^Approve/ })
        .count(),
    ).toBe(0);
    await card(alice, 'R-000001').getByRole('button', { name: /repl/ }).click();
    await alice.locator('.thread').getByText('Approved by Bob Lindqvist').waitFor();
  }));

it('saying no in the confirm dialog approves nothing', () =>
  theatre(async ({ as, rehearsal }) => {
    const alice = await as('alice');
    const bob = await as('bob');
    await askForMallory(alice);
    await card(bob, 'R-000001')
      .getByRole('button', { name: /^Approve/ })
      .click();
    await bob.locator('dialog[open]').getByRole('button', { name: 'Back' }).click();
    await becomes(bob, 'R-000001 · waiting');
    expect(rehearsal.sandbox().slack.as('U0BOB00001').ephemerals()).toEqual([]);
  }));

it('an outsider and a guest are told what they may not do', () =>
  theatre(async ({ as }) => {
    const oscar = await as('oscar');
    await send(oscar, '/revoke-profile mallory.finch');
    await oscar.locator('.only-you').getByText('You are not among those who may ask').waitFor();
    const grace = await as('grace');
    expect(await grace.locator('.places .place').allInnerTexts()).toEqual(['# inc-042', 'Portcullis']);
    await send(grace, '/revoke-profile mallory.finch');
    await grace.locator('.only-you').getByText('you are a guest here').waitFor();
  }));

it('the bot is stopped and started in the middle, and the revocation comes to its end', () =>
  theatre(async ({ as, rehearsal }) => {
    const { cloud } = rehearsal.sandbox();
    cloud.switches.latencyMs = 100;
    const alice = await as('alice');
    const bob = await as('bob');
    await askForMallory(alice);
    await decide(bob, 'R-000001', 'Approve');
    await bob.getByRole('tab', { name: 'Huawei Cloud' }).click();
    await bob.getByRole('button', { name: 'Restart the bot' }).click();
    await alice.locator('.condition[data-bot="starting"]').waitFor();
    await alice.locator('.condition[data-bot="running"]').waitFor();
    await becomes(alice, 'R-000001 · succeeded');
    expect(cloud.calls.changes()).toHaveLength(1);
  }));

it('one sees the grants go', () =>
  theatre(async ({ as }) => {
    const alice = await as('alice');
    const bob = await as('bob');
    await bob.getByRole('tab', { name: 'Huawei Cloud' }).click();
    await bob.getByLabel('User or group').selectOption({ label: 'mallory.finch (Mallory Finch)' });
    const grants = bob.getByRole('table').first();
    await grants.getByText('AdministratorAccess').waitFor();
    await askForMallory(alice);
    await decide(bob, 'R-000001', 'Approve');
    await bob.getByText('5 grants are gone').first().waitFor();
    await bob.locator('.cloud-calls').getByText('DisassociateProfile').first().waitFor();
    const gone = grants.getByText('gone', { exact: true });
    await gone.nth(4).waitFor();
    expect(await gone.count()).toBe(5);
  }));
