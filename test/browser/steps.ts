import type { Locator, Page } from 'playwright-core';

/** Types a line into the message field and sends it. */
export const send = async (page: Page, line: string): Promise<void> => {
  const field = page.getByRole('combobox', { name: 'Message # inc-042' });
  await field.fill(line);
  await field.press('Escape');
  await field.press('Enter');
};

/** Types into a menu of the open form and takes the choice with these words. */
export const choose = async (page: Page, label: string, typed: string, words: string): Promise<void> => {
  await page.getByRole('combobox', { name: label }).fill(typed);
  await page.getByRole('option', { name: words }).first().click();
};

/** The same in a menu on which other fields depend: waits until the app has drawn the form again. */
export const chooseFirst = async (page: Page, label: string, typed: string, words: string): Promise<void> => {
  const before = await page.locator('dialog.modal').getAttribute('data-hash');
  await choose(page, label, typed, words);
  await page.locator(`dialog.modal:not([data-hash="${before}"])`).waitFor();
};

/** Closes the open view, and waits until it has gone: what is behind it takes no keys before. */
export const dismiss = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.locator('dialog.modal').waitFor({ state: 'detached' });
};

/** The newest card whose header begins with this. */
export const card = (page: Page, header: string): Locator =>
  page.locator('.messages .message', { has: page.getByRole('heading', { name: header }) }).last();

/** Presses a button of a card, and says yes in Slack's confirm dialog. */
export const decide = async (page: Page, header: string, button: 'Approve' | 'Cancel'): Promise<void> => {
  await card(page, header)
    .getByRole('button', { name: new RegExp(`^${button}`) })
    .click();
  await page.locator('dialog[open]').getByRole('button', { name: button }).click();
};

/** Waits until the card is in this state. */
export const becomes = (page: Page, header: string): Promise<void> => card(page, header).waitFor();

/** Asks for the revocation of everything that Mallory has, up to the card. */
export const askForMallory = async (page: Page): Promise<void> => {
  await send(page, '/revoke-profile mallory.finch INC-42 "Laptop stolen"');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Request approval' }).click();
  await page.getByText('R-000001').first().waitFor();
  await dismiss(page);
};
