import { configDefaults, defineConfig } from 'vitest/config';
import { findChromium } from './test/browser/chromium.ts';

/** What takes too long for every `npm test`: `npm run test:long`. Where there is no Chromium, `npm test` has said so. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      ...(findChromium() === undefined
        ? []
        : [
            {
              extends: './vitest.browser.config.ts',
              test: { exclude: [...configDefaults.exclude, 'test/browser/*.test.ts'] },
            },
          ]),
    ],
  },
});
