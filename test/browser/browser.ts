import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { type Assets, readAssets } from '../../src/sandbox/host/assets.ts';
import { type OpenPage, openPage } from '../support/page.ts';
import { quietly } from './chromium.ts';

interface WindowOptions {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** The page as people use it: a sandbox, and browser windows in which persons are played. */
export interface Theatre extends OpenPage {
  /** The built page. */
  readonly assets: Assets;
  /** Opens a window that plays this person. */
  readonly as: (handle: string, options?: WindowOptions) => Promise<Page>;
}

/** Watches a window: errors on its console, and whatever would leave this computer. */
const watch = (context: BrowserContext, faults: string[]): void => {
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`error: ${error.error().message}`));
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (hostname !== '127.0.0.1' || protocol !== 'http:') faults.push(`request to ${request.url()}`);
  });
};

/** One browser for the tests of a file, and a sandbox of its own for each of them. */
export const useTheatre = () => {
  let browser: Browser;
  let assets: Assets;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('chromium'), args: quietly });
    assets = await readAssets(inject('page'));
  });
  afterAll(() => browser.close());

  /** Plays a piece; fails afterwards if anything was wrong on a console, or left loopback. */
  return async (piece: (theatre: Theatre) => Promise<void>): Promise<void> => {
    const open = await openPage(assets);
    const faults: string[] = [];
    const contexts: BrowserContext[] = [];
    try {
      await piece({
        ...open,
        assets,
        as: async (handle, { width = 1280, scheme = 'light' } = {}) => {
          const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
          contexts.push(context);
          context.setDefaultTimeout(15_000);
          watch(context, faults);
          const page = await context.newPage();
          await page.goto(`${open.host.url}#as=${handle}&at=inc-042`);
          await page.locator('.conversation').waitFor();
          return page;
        },
      });
      expect(faults).toEqual([]);
      expect(open.complaints).toEqual([]);
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
      await open.close();
    }
  };
};
