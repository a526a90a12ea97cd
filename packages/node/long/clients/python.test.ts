import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import { cacheFolder, output } from './support/run.ts';

const CHECK = fileURLToPath(new URL('./python/check.py', import.meta.url));
const PACKAGE = 'substrate-interface==1.8.1';
const INSTALL_MS = 300_000;
const RUN_MS = 90_000;

interface Submitted {
  readonly success: boolean;
  readonly fee: readonly [number, number];
  readonly received: number;
  readonly calls: readonly string[];
  readonly events: readonly string[];
}

interface Seen {
  readonly read: Readonly<Record<string, unknown>>;
  readonly follow: { readonly heads: readonly number[]; readonly times: readonly number[] };
  readonly immortal: Submitted;
  readonly mortal: Submitted;
  readonly fail: { readonly success: boolean; readonly error: unknown; readonly refusal: unknown };
}

const python = await requirement('python', () =>
  output('python3', ['-c', 'import venv, ensurepip'], { timeoutMs: 10_000 }),
);

describeWith([python], 'py-substrate-interface, unmodified, against a real node', () => {
  let node: NodeProcess;
  let seen: Seen;

  beforeAll(async () => {
    const folder = await cacheFolder('python');
    await output('python3', ['-m', 'venv', folder], { timeoutMs: INSTALL_MS });
    const program = join(folder, 'bin', 'python');
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PACKAGE];
    await output(program, install, { timeoutMs: INSTALL_MS });
    node = await startNodeProcess('--dev');
    seen = JSON.parse(await output(program, [CHECK, node.url], { timeoutMs: RUN_MS })) as Seen;
  }, INSTALL_MS + RUN_MS);
  afterAll(() => node?.stop());

  it('knows the chain and reads storage, constants and runtime APIs', () => {
    expect(seen.read).toMatchObject({
      chain: 'Hamster Development',
      ss58: 42,
      token: ['HAM', 12],
      deposit: 10 ** 9,
      many: 2,
      spec: 'hamster',
      nonce: 0,
      finalized: expect.stringMatching(/^0x[0-9a-f]{64}$/) as unknown,
    });
    expect(seen.read['free']).toBeGreaterThan(9e17);
    expect(seen.read['accounts']).toBeGreaterThanOrEqual(6);
  });

  it('follows heads and a storage value', () => {
    const [first = NaN, ...rest] = seen.follow.heads;
    expect(rest).toEqual([first + 1, first + 2]);
    expect(new Set(seen.follow.times).size).toBe(2);
  });

  it.each(['immortal', 'mortal'] as const)('submits an %s transaction and decodes its block', (which) => {
    const { success, fee, received, calls, events } = seen[which];
    expect(success).toBe(true);
    expect(fee[0]).toBeGreaterThan(0);
    expect(Math.abs(fee[1] - fee[0]) / fee[0]).toBeLessThan(0.02);
    expect(received).toBe(10 ** 12);
    expect(calls).toEqual(['Timestamp.set', 'Balances.transfer_keep_alive']);
    expect(events).toEqual(expect.arrayContaining(['Balances.Transfer', 'System.ExtrinsicSuccess']));
  });

  it('decodes the error of a call, and is told why a transaction is refused', () => {
    expect(seen.fail).toMatchObject({
      success: false,
      error: { type: 'Module', name: 'ResourceNotFound' },
      refusal: { code: 1010, message: 'Invalid Transaction', data: 'Transaction is outdated' },
    });
  });
});
