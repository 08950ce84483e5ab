import { defineConfig } from 'vitest/config';

/** The tests by which mutants of `src/domain` are killed: those that are quick and say what a rule is. */
export default defineConfig({
  test: {
    include: [
      'test/domain/**/*.test.ts',
      'test/revocations/**/*.test.ts',
      'test/workflow/{clicks,cool-off,rosters,submit,void}.test.ts',
      'test/config.test.ts',
    ],
    passWithNoTests: false,
    isolate: false,
    testTimeout: 30_000,
  },
});
