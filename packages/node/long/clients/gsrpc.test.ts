import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import { cacheFolder, output } from './support/run.ts';

const SOURCE = fileURLToPath(new URL('./gsrpc', import.meta.url));
const BUILD_MS = 300_000;
const RUN_MS = 60_000;

/** Builds with the toolchain that is there, and of this module alone, wherever the clone lies. */
const GO = { GOTOOLCHAIN: 'local', GOWORK: 'off' };

interface Paid {
  readonly received: number;
  readonly calls: readonly string[];
  readonly events: readonly string[];
}

interface Seen {
  readonly read: Readonly<Record<string, unknown>>;
  readonly follow: Readonly<Record<string, unknown>>;
  readonly immortal: Paid;
  readonly mortal: Paid;
  readonly fail: { readonly error: string; readonly events: readonly string[] };
  readonly refused: Readonly<Record<string, string>>;
}

const go = await requirement('go', () => output('go', ['version'], { timeoutMs: 10_000 }));

describeWith([go], 'gsrpc, unmodified, against a real node', () => {
  let node: NodeProcess;
  let seen: Seen;

  beforeAll(async () => {
    const program = join(await cacheFolder('gsrpc'), 'gsrpc-check');
    const flags = ['build', '-buildvcs=false', '-mod=readonly', '-o', program, '.'];
    await output('go', flags, { cwd: SOURCE, env: GO, timeoutMs: BUILD_MS });
    node = await startNodeProcess('--dev');
    seen = JSON.parse(await output(program, [node.url], { timeoutMs: RUN_MS })) as Seen;
  }, BUILD_MS + RUN_MS);
  afterAll(() => node?.stop());

  it('knows the chain, reads storage and constants, and what changed between blocks', () => {
    expect(seen.read).toEqual({
      chain: 'Hamster Development',
      spec: 'hamster',
      genesis: node.genesisHash,
      bob: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
      syncing: false,
      free: 10 ** 18,
      size: 80,
      accounts: expect.toSatisfy((count) => Number(count) >= 6) as unknown,
      changes: 1,
      history: 1,
      deposit: 10 ** 9,
      pending: 0,
    });
  });

  it('follows heads, final heads, a storage value and the version of the rules', () => {
    const row = (heights: unknown): unknown => {
      const [first = NaN, ...rest] = (heights as string[]).map((hex) => Number.parseInt(hex, 16));
      return rest.map((height) => height - first);
    };
    const { heads, finalized, times, spec } = seen.follow;
    expect([row(heads), row(finalized), times, spec]).toEqual([[1, 2], [1, 2], 2, 'hamster']);
  });

  it.each(['immortal', 'mortal'] as const)('submits an %s transaction and decodes its block', (which) => {
    const { received, calls, events } = seen[which];
    expect(received).toBe(10 ** 12);
    expect(calls).toEqual(['Timestamp.set', 'Balances.transfer_keep_alive']);
    expect(events).toEqual(expect.arrayContaining(['Balances.Transfer', 'System.ExtrinsicSuccess']));
  });

  it('decodes the error of a call', () => {
    expect(seen.fail.error).toBe('Provider.ResourceNotFound');
    expect(seen.fail.events).toContain('System.ExtrinsicFailed');
  });

  it('is told why a transaction is refused', () => {
    expect(seen.refused).toEqual({
      stale: '1010 Invalid Transaction',
      forged: '1010 Invalid Transaction',
      poor: '1010 Invalid Transaction',
      cut: expect.stringMatching(/^1040 Client error: /) as unknown,
      without: expect.stringMatching(/^1002 Verification Error: .*frame_metadata_hash_extension/) as unknown,
    });
  });
});
