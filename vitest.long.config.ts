import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

/** The suites that take minutes: foreign clients, light clients, long lives of a chain. One at a time. */
export default defineConfig({
  test: {
    include: ['packages/*/long/**/*.test.ts', 'apps/*/long/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    reporters: ['default', new SummaryReporter()],
  },
});
