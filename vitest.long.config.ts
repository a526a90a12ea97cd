import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './scripts/summary-reporter.ts';

const LONG = ['packages/*/long/**/*.test.ts', 'apps/*/long/**/*.test.ts'];

/**
 * What shares this host's libvirt, Docker and network interfaces, and pages: Chromium drops what it is loading whenever an
 * interface comes or goes.
 */
const OF_THIS_HOST = [
  'packages/machines/long/**/*.test.ts',
  'packages/bench/long/**/*.test.ts',
  'packages/p2p/long/{browser,namespaces,nat,port-mapping}.test.ts',
  'packages/testing/long/**/{full-disk,kill-virtual,main-job-libvirt,unfit-host}.test.ts',
  'apps/dapp/long/**/*.test.ts',
];

/**
 * The suites that take minutes: foreign clients, light clients, long lives of a chain. One file at a time; the two projects do
 * not meet in anything, so that each may have a process of its own (`--project`).
 */
export default defineConfig({
  test: {
    pool: 'forks',
    // Clients come as ES modules, what the node itself uses as CommonJS: of the same version. Many nodes run side by side, and
    // there is one port for metrics.
    env: { POLKADOTJS_DISABLE_ESM_CJS_WARNING: '1', HAMSTER_NODE_PROMETHEUS: 'false' },
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // What is waited for may come late on a busy host; what never comes fails, whichever.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', new SummaryReporter()],
    projects: [
      { extends: true, test: { name: 'host', include: OF_THIS_HOST, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: { name: 'processes', include: LONG, exclude: OF_THIS_HOST, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
