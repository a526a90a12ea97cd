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
      'throughput',
      [
        'transfers-per-second',
        'transfers-in-fullest-block',
        'cpu-per-transfer',
        'cpu-of-main-thread',
        'cpu-of-signature-threads',
        'cpu-of-clients',
      ],
    ],
    ['read-latency', ['read-p99', 'read-median', 'event-loop-lag-p99', 'event-loop-lag-max']],
    ['due-leases', ['block-with-due-leases', 'storing-all-leases']],
    ['start-up', ['start-up', 'start-up-cpu', 'memory', 'first-start']],
  ])(
    'chain --only %s prints one figure a line',
    async (only, names) => {
      const { stdout } = await bench('chain', '--json', '--quick', '--only', only);
      const figures = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Figure);
      expect(figures.map(({ name }) => name)).toEqual(names);
      for (const each of figures) {
        expect(Object.keys(each)).toEqual(['name', 'value', 'unit', 'baseline', 'ratio', 'goal', 'met']);
        expect(each.value).toBeGreaterThanOrEqual(0);
        expect(each.met === null).toBe(each.goal === null);
      }
    },
    300_000,
  );
});
