import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import { cacheFolder, output } from './support/run.ts';

const CHECK = fileURLToPath(new URL('./async-python/check.py', import.meta.url));
const PACKAGES = ['async-substrate-interface==2.2.1', 'bittensor-wallet==4.1.1'];
const INSTALL_MS = 300_000;
const RUN_MS = 90_000;

interface Submitted {
  readonly success: boolean;
  readonly fees: readonly [number, number];
  readonly received: number;
  readonly events: readonly string[];
}

interface Seen {
  readonly read: Readonly<Record<string, unknown>>;
  readonly heads: readonly number[];
  readonly immortal: Submitted;
  readonly mortal: Submitted;
  readonly refusal: string;
}

const python = await requirement('python', () =>
  output('python3', ['-c', 'import venv, ensurepip'], { timeoutMs: 10_000 }),
);

describeWith([python], 'async-substrate-interface, unmodified, against a real node', () => {
  let node: NodeProcess;
  let seen: Seen;

  beforeAll(async () => {
    // Of its own: what it decodes with does not live beside what py-substrate-interface decodes with.
    const folder = await cacheFolder('async-python');
    await output('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS });
    const program = join(folder, 'bin', 'python');
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
    await output(program, install, { timeoutMs: INSTALL_MS });
    node = await startNodeProcess('--dev');
    seen = JSON.parse(await output(program, [CHECK, node.url], { timeoutMs: RUN_MS })) as Seen;
  }, INSTALL_MS + RUN_MS);
  afterAll(() => node?.stop());

  it('knows the chain, reads storage, constants, runtime APIs and blocks, and follows heads', () => {
    expect(seen.read).toEqual({
      chain: 'Hamster Development',
      accounts: expect.toSatisfy((count) => Number(count) >= 6) as unknown,
      deposit: 10 ** 9,
      nonce: 0,
      first: 1,
    });
    const [first = NaN, ...rest] = seen.heads;
    expect(rest).toEqual([first + 1, first + 2]);
  });

  it.each(['immortal', 'mortal'] as const)('submits an %s transaction and decodes its events', (which) => {
    const { success, fees, received, events } = seen[which];
    expect(success).toBe(true);
    expect(fees[0]).toBeGreaterThan(0);
    expect(Math.abs(fees[1] - fees[0]) / fees[0]).toBeLessThan(0.02);
    expect(received).toBe(10 ** 12);
    expect(events).toEqual(expect.arrayContaining(['Balances.Transfer', 'System.ExtrinsicSuccess']));
  });

  it('is told why a transaction is refused', () => {
    expect(seen.refusal).toContain('Transaction is outdated');
  });
});
