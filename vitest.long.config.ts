import { defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** The suites that take minutes: foreign clients, light clients, long lives of a chain. One at a time. */
export default defineConfig({
  test: {
    ...base.test,
    include: ['packages/*/long/**/*.test.ts', 'apps/*/long/**/*.test.ts'],
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
});
