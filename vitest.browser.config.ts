import { defineConfig } from 'vitest/config';

/** The tests that need a browser: alone with `npm run test:browser`, and part of `npm test` where there is one. */
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['test/browser/build-page.ts'],
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
