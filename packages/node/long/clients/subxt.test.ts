import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import { cacheFolder, output } from './support/run.ts';

const MANIFEST = fileURLToPath(new URL('./subxt/Cargo.toml', import.meta.url));
const BUILD_MS = 480_000;
const RUN_MS = 90_000;

const rust = await requirement('rust', () => output('cargo', ['--version'], { timeoutMs: 10_000 }));

describeWith([rust], 'subxt, unmodified, against a real node', () => {
  let program: string;
  let node: NodeProcess;

  beforeAll(async () => {
    const target = await cacheFolder('subxt');
    const flags = ['build', '--manifest-path', MANIFEST, '--target-dir', target];
    await output('cargo', flags, { timeoutMs: BUILD_MS });
    program = join(target, 'debug', 'subxt-check');
    node = await startNodeProcess('--dev');
  }, BUILD_MS + RUN_MS);
  afterAll(() => node?.stop());

  it.each(['combined', 'chainhead', 'legacy'])(
    'reads, follows, pays and decodes by its %s backend',
    async (backend) => {
      const lines = (await output(program, [node.url, backend], { timeoutMs: RUN_MS })).trim().split('\n');
      const all = (name: string): string[] =>
        lines.filter((line) => line.startsWith(`${name}=`)).map((line) => line.slice(name.length + 1));
      const one = (name: string): string => all(name)[0] ?? '';
      expect(one('genesis')).toBe(node.genesisHash);
      expect(one('deposit')).toBe('1000000000');
      expect(BigInt(one('free'))).toBeGreaterThan(900_000n * 10n ** 12n);
      expect(Number(one('accounts'))).toBeGreaterThanOrEqual(6);
      const heights = all('finalized').map(Number);
      expect(heights).toEqual(heights.map((_, index) => (heights[0] ?? NaN) + index));
      expect(all('extrinsic')).toContain('Timestamp.set');
      expect(BigInt(one('fee'))).toBeGreaterThan(0n);
      expect(one('valid')).toBe('true');
      expect(all('event')).toEqual(expect.arrayContaining(['Balances.Transfer', 'System.ExtrinsicSuccess']));
      expect(one('received')).toBe('1000000000000');
      expect(Number(one('sent'))).toBe(Number(one('nonce')) + 1);
      expect(one('failed')).toContain('Provider::ResourceNotFound');
    },
    RUN_MS,
  );
});
