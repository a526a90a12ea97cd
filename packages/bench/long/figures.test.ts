import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../src/figure.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const bench = (...args: string[]) => run(process.execPath, [MAIN, ...args], { timeout: 240_000 });

describe('pnpm bench', () => {
  it.each([
    [
      'chain',
      'throughput',
      [
        'transfers-per-second',
        'transfers-of-signature-threads',
        'transfers-in-fullest-block',
        'cpu-per-transfer',
        'cpu-of-main-thread',
        'cpu-of-signature-threads',
        'cpu-of-clients',
      ],
    ],
    ['chain', 'read-latency', ['read-p99', 'read-median', 'event-loop-lag-p99', 'event-loop-lag-max']],
    ['chain', 'due-leases', ['block-with-due-leases', 'storing-all-leases']],
    ['chain', 'catch-up', ['catch-up', 'catch-up-cpu']],
    ['chain', 'start-up', ['start-up', 'start-up-cpu', 'memory', 'first-start']],
    [
      'tunnel',
      'tunnel-throughput',
      ['raw', 'ssh', 'direct', 'relayed'].flatMap((way) => [`${way}-up`, `${way}-down`]),
    ],
    ['tunnel', 'tunnel-latency', ['raw', 'ssh', 'direct', 'relayed'].map((way) => `${way}-added-latency`)],
    ['tunnel', 'gateway-memory', ['gateway-memory-per-idle-client', 'gateway-heap-per-idle-client']],
  ])(
    '%s --only %s prints one figure a line',
    async (suite, only, names) => {
      const { stdout } = await bench(suite, '--json', '--quick', '--only', only);
      const figures = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Figure);
      expect(new Set(figures.map(({ name }) => name))).toEqual(new Set(names));
      expect(figures).toHaveLength(names.length);
      for (const each of figures) {
        expect(Object.keys(each)).toEqual(['name', 'value', 'unit', 'baseline', 'ratio', 'goal', 'met']);
        expect(each.value).toBeGreaterThanOrEqual(0);
        expect(each.met === null).toBe(each.goal === null);
      }
    },
    300_000,
  );
});
