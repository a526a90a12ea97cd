import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { figure, type Figure } from '../src/figure.ts';
import { SUITES } from '../src/suites.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

const bench = (...args: string[]) => run(process.execPath, [MAIN, ...args], { timeout: 240_000 });

/** Exit code and output of a call that fails. */
async function failing(...args: string[]): Promise<{ code: number; stderr: string }> {
  return bench(...args).then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
}

describe('pnpm bench', () => {
  it.each([
    ['throughput', ['transfers-per-second', 'transfers-in-fullest-block', 'cpu-per-transfer']],
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

  it('says what it knows when it is asked for something else', async () => {
    expect(await failing('chains')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') });
    const unknown = await failing('chain', '--only', 'nothing');
    expect(unknown.code).toBe(2);
    for (const { measures } of SUITES)
      for (const { name } of measures) expect(unknown.stderr).toContain(name);
  });
});

describe('a figure', () => {
  it('meets a goal of its value or of its ratio', () => {
    const base = { name: 'x', value: 3, unit: 'ms', baseline: 4 };
    const of = (goal: Parameters<typeof figure>[0]['goal']) => figure({ ...base, goal }).met;
    expect(figure(base)).toEqual({ ...base, ratio: 0.75, goal: null, met: null });
    expect(of({ of: 'ratio', is: '>=', limit: 0.75 })).toBe(true);
    expect(of({ of: 'ratio', is: '<=', limit: 0.7 })).toBe(false);
    expect(of({ of: 'value', is: '<=', limit: 3 })).toBe(true);
    expect(figure({ ...base, baseline: undefined, goal: { of: 'ratio', is: '<=', limit: 1 } }).met).toBe(
      false,
    );
  });
});
