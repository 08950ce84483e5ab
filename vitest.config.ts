import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    passWithNoTests: false,
    // Most of these tests wait for loopback servers, so each core can take one.
    maxWorkers: '100%',
  },
});
