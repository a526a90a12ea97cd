import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

const TESTS = ['packages/*/test/**/*.test.ts', 'packages/*/e2e/**/*.test.ts', 'apps/*/test/**/*.test.ts'];
/** Tests in a browser. */
const PAGES = ['apps/dapp/test/**/*.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Clients come as ES modules, what the node itself uses as CommonJS: of the same version. Many nodes run side by side, and
    // there is one port for metrics.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1', HAMSTER_NODE_PROMETHEUS: 'false' },
    maxWorkers: 2,
    // Four times what the longest take on a busy host.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for may come late on a busy host; what never comes fails, whichever.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', new SummaryReporter()],
    projects: [
      { extends: true, test: { name: 'all', include: TESTS, exclude: PAGES, sequence: { groupOrder: 0 } } },
      // Chromium drops what it is loading whenever a network interface comes or goes, as those of machines and containers do.
      { extends: true, test: { name: 'pages', include: PAGES, sequence: { groupOrder: 1 } } },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
      reporter: ['text-summary', 'html'],
    },
  },
});
