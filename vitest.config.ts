import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './test/browser/chromium.ts';

const chromium = findChromium();
if (chromium === undefined) {
  console.warn(
    '\n  No Chromium was found: THE BROWSER TESTS ARE LEFT OUT. npm run test:browser says where it is looked for.\n',
  );
}

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most of these tests wait for loopback servers, so each core can take one.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'test/browser/**', 'test/long/**'],
          // No test changes what another could see, so files may share a worker's modules: half the work.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // The second that is the default is soon over where another process has the core.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      ...(chromium === undefined
        ? []
        : [
            {
              extends: './vitest.browser.config.ts',
              test: { exclude: [...configDefaults.exclude, 'test/browser/long/**'] },
            },
          ]),
    ],
  },
});
