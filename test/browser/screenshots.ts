import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { readAssets } from '../../src/sandbox/host/assets.ts';
import { openPage } from '../support/page.ts';
import { findChromium, quietly } from './chromium.ts';
import { askForMallory, becomes, decide, dismiss, send } from './steps.ts';

/** Renews the pictures of the README and a set to look at: `npm run screenshots`, after `npm run build:page`. */
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const all = process.argv.includes('--all');

const executablePath = findChromium();
if (executablePath === undefined) throw new Error('The screenshots need Chromium.');
const browser = await chromium.launch({ executablePath, args: quietly });

const wide: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const narrow: BrowserContextOptions = { viewport: { width: 400, height: 800 }, colorScheme: 'dark' };
const looks = all
  ? [wide, narrow, { ...wide, colorScheme: 'dark' as const }, { ...narrow, colorScheme: 'light' as const }]
  : [wide, narrow];

const nameOf = (look: BrowserContextOptions): string => `${look.viewport?.width}-${look.colorScheme}`;

const shoot = async (
  page: Page,
  look: BrowserContextOptions,
  what: string,
  readme: boolean,
): Promise<void> => {
  if (all || readme) await page.screenshot({ path: `${folder}${what}-${nameOf(look)}.png` });
};

const showCloud = async (page: Page, isWide: boolean): Promise<void> => {
  if (isWide) await page.getByRole('tab', { name: 'Huawei Cloud' }).click();
  else await page.getByRole('button', { name: 'Cloud', exact: true }).click();
  await page.getByLabel('User or group').selectOption({ label: 'mallory.finch (Mallory Finch)' });
  await page.getByRole('table').first().waitFor();
};

const play = async (look: BrowserContextOptions): Promise<void> => {
  const isWide = look === wide || look.viewport?.width === 1280;
  const stage = await openPage(await readAssets());
  const context = await browser.newContext(look);
  const as = async (handle: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${stage.host.url}#as=${handle}&at=inc-042`);
    await page.locator('.conversation').waitFor();
    return page;
  };
  const alice = await as('alice');
  await send(alice, '/revoke-profile mallory.finch INC-42 "Laptop stolen"');
  await alice.getByRole('button', { name: 'Review' }).click();
  await alice.getByRole('button', { name: 'Request approval' }).waitFor();
  await shoot(alice, look, 'review', !isWide);
  await dismiss(alice);
  const bob = await as('bob');
  if (isWide) await showCloud(bob, true);
  await askForMallory(alice);
  await becomes(bob, 'R-000001 · waiting');
  await bob.locator('.messages').evaluate((box) => box.scrollTo({ top: 0 }));
  await shoot(bob, look, 'waiting', isWide);
  await decide(bob, 'R-000001', 'Approve');
  await becomes(bob, 'R-000001 · succeeded');
  await bob.locator('.messages').evaluate((box) => box.scrollTo({ top: 0 }));
  await shoot(bob, look, 'finished', false);
  await showCloud(bob, isWide);
  await shoot(bob, look, 'cloud', false);
  await context.close();
  await stage.close();
};

await mkdir(folder, { recursive: true });
for (const look of looks) await play(look);
await browser.close();
