import { defineConfig } from 'vitest/config';

/** The tests that need a browser: alone with `npm run test:browser`, and part of `npm test` and `npm run test:long` where there is one. */
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    // After the other tests, because a browser wants a core for itself.
    sequence: { groupOrder: 1 },
    globalSetup: ['test/browser/build-page.ts'],
    passWithNoTests: false,
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
