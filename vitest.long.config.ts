import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

/** The suites that take minutes: foreign clients, light clients, long lives of a chain. One at a time. */
export default defineConfig({
  test: {
    include: ['packages/*/long/**/*.test.ts', 'apps/*/long/**/*.test.ts'],
    pool: 'forks',
    // Clients come as ES modules, what the node itself uses as CommonJS: of the same version. Many nodes run side by side, and
    // there is one port for metrics.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1', HAMSTER_NODE_PROMETHEUS: 'false' },
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    reporters: ['default', new SummaryReporter()],
  },
});
