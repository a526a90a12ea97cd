import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { figure } from '../src/figure.ts';
import { SUITES } from '../src/suites.ts';
import { patternBlock, patternBytes, PatternCheck } from '../src/tunnel/pattern.ts';

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

describe('pnpm bench', { timeout: 60_000 }, () => {
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

describe('bytes that went through a tunnel', () => {
  const block = patternBlock();
  const sent = Buffer.concat([...patternBytes(block, 3_000_000)]);

  function isWrong(received: Buffer): boolean {
    const check = new PatternCheck(block);
    for (let at = 0; at < received.length; at += 65_000) check.take(received.subarray(at, at + 65_000));
    return check.wrong;
  }

  it('are told from such that were lost, repeated or changed', () => {
    const changed = Buffer.from(sent);
    changed[2_500_000] = (changed[2_500_000] ?? 0) ^ 1;
    expect(sent).toHaveLength(3_000_000);
    expect(isWrong(sent)).toBe(false);
    expect(isWrong(changed)).toBe(true);
    expect(isWrong(Buffer.concat([sent.subarray(0, 70_000), sent.subarray(70_001)]))).toBe(true);
    expect(isWrong(Buffer.concat([sent.subarray(0, 70_000), sent.subarray(69_999)]))).toBe(true);
  });
});
