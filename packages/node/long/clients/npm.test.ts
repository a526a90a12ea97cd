import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNodeProcess, type NodeProcess } from '../../test/clients/support/node-process.ts';
import { readAll } from './support/indexer.ts';
import { type Paid, payBob } from './support/older-api.ts';
import { installNpm, output } from './support/run.ts';

const INSTALL_MS = 300_000;
const RUN_MS = 60_000;

const npm = await requirement('npm', () => output('npm', ['--version'], { timeoutMs: 30_000 }));

describeWith([npm], 'clients beside those of this workspace, unmodified, against a real node', () => {
  let node: NodeProcess;
  let folder: string;
  let paid: Paid;
  beforeAll(async () => {
    folder = await installNpm('npm', INSTALL_MS);
    node = await startNodeProcess('--dev');
    paid = await payBob(folder, node.url);
  }, INSTALL_MS + RUN_MS);
  afterAll(() => node?.stop());

  it('@polkadot/api 14 asks for a fee, pays and decodes the events', () => {
    expect(paid.version).toContain('v14.3.1');
    expect(paid.fee).toBeGreaterThan(0n);
    expect(paid.events).toEqual(expect.arrayContaining(['balances.Transfer', 'system.ExtrinsicSuccess']));
  });

  it('an indexer reads every block with its calls, events, fees and time', { timeout: RUN_MS }, async () => {
    const blocks = await readAll(folder, node.url, paid.block);
    expect(blocks.map(({ header }) => header.height)).toEqual(blocks.map((_block, index) => index));
    expect(blocks.length).toBeGreaterThanOrEqual(paid.block);
    const events = blocks.flatMap((block) => block.events ?? []).map(({ name }) => name);
    expect(events.filter((name) => name === 'Balances.Transfer')).toHaveLength(1);
    const [transfer] = blocks.flatMap((block) => block.extrinsics ?? []).filter(({ fee }) => fee);
    expect(transfer).toMatchObject({
      success: true,
      hash: expect.stringMatching(/^0x[0-9a-f]{64}$/) as unknown,
    });
    expect(blocks.slice(1).every(({ header }) => Number(header.timestamp) > 0)).toBe(true);
  });

  describe('generators of types', () => {
    let scratch: string;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'hamster-types-'));
    });
    afterAll(() => rm(scratch, { recursive: true, force: true }));

    const run = (program: string, ...args: string[]): Promise<string> =>
      output(join(folder, 'node_modules/.bin', program), args, { timeoutMs: RUN_MS });

    it(
      'find the version that the chain has, and write types for an indexer',
      { timeout: 2 * RUN_MS },
      async () => {
        const file = join(scratch, 'versions.jsonl');
        await run('squid-substrate-metadata-explorer', '--rpc', node.url, '--out', file);
        const lines = (await readFile(file, 'utf8')).trim().split('\n');
        expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
          { specName: 'hamster', blockNumber: 0, metadata: expect.stringMatching(/^0x6d657461/) as unknown },
        ]);
        const config = join(scratch, 'typegen.json');
        const pallets = { Provider: { events: true, calls: true, storage: true } };
        await writeFile(config, JSON.stringify({ outDir: scratch, specVersions: file, pallets }));
        await run('squid-substrate-typegen', config);
        expect(await readFile(join(scratch, 'provider/calls.ts'), 'utf8')).toContain('Provider.set_status');
      },
    );

    it('write types for dedot', { timeout: RUN_MS }, async () => {
      await run('dedot', 'chaintypes', '-w', node.url, '-o', scratch);
      const written = await readFile(join(scratch, 'hamster/tx.d.ts'), 'utf8');
      expect(written).toContain('setStatus');
    });
  });
});
