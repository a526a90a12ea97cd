import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, requirement } from '@hamster/libvirt/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

  it('the explorer of metadata finds the version that the chain has', { timeout: RUN_MS }, async () => {
    const scratch = await mkdtemp(join(tmpdir(), 'hamster-explorer-'));
    const file = join(scratch, 'versions.jsonl');
    const program = join(folder, 'node_modules/.bin/squid-substrate-metadata-explorer');
    await output(program, ['--rpc', node.url, '--out', file], { timeoutMs: RUN_MS });
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    await rm(scratch, { recursive: true, force: true });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { specName: 'hamster', blockNumber: 0, metadata: expect.stringMatching(/^0x6d657461/) as unknown },
    ]);
  });
});
