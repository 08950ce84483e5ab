import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { findChromium, places } from './chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the built page. */
    page: string;
    chromium: string;
  }
}

/** Builds the page once for all browser tests, from the sources as they are. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const chromium = findChromium();
  if (chromium === undefined) {
    throw new Error(
      `The browser tests need Chromium; on Debian: apt-get install chromium. Looked for ${places.join(', ')}.`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-built-page-'));
  await build({
    root: fileURLToPath(new URL('../../src/sandbox/page', import.meta.url)),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'warn',
  });
  provide('page', folder);
  provide('chromium', chromium);
  return () => rm(folder, { recursive: true });
};
