import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from '../rpc/support/client.ts';
import { startNodeProcess, type NodeProcess } from './support/node-process.ts';

interface Line {
  readonly msg: string;
  readonly number?: number;
}

const ALONE = ['--dev', '--no-network', '--no-prometheus'];

const linesOf = (node: NodeProcess): Line[] => node.lines.map((line) => JSON.parse(line) as Line);

/** Numbers of the blocks that the node has written into its log. */
const logged = (node: NodeProcess): (number | undefined)[] =>
  linesOf(node)
    .filter(({ msg }) => msg === 'Block made')
    .map(({ number }) => number);

describe('a node process, changed by its operator', { timeout: 60_000 }, () => {
  let node: NodeProcess;
  let client: TestClient;
  let basePath: string;
  beforeAll(async () => {
    basePath = await mkdtemp(join(tmpdir(), 'hamster-operator-'));
    await start();
  });
  afterAll(async () => {
    await client?.close();
    await node?.stop();
    await rm(basePath, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    node = await startNodeProcess(...ALONE, '--manual-seal', '--base-path', basePath);
    client = await TestClient.connect(node.port);
  }

  const height = async (): Promise<number> =>
    Number((await client.call<{ number: string }>('chain_getHeader')).number);

  const blocksUnder = async (filter: string): Promise<void> => {
    await client.call('system_addLogFilter', [filter]);
    await client.call('dev_newBlock');
  };

  // What comes last in the log stands behind everything that was left out.
  it('logs as much as a filter says, and as at the start once the filters are gone', async () => {
    await blocksUnder('info');
    await blocksUnder('warn');
    await blocksUnder('off');
    await blocksUnder('error');
    await blocksUnder('debug');
    await blocksUnder('warn');
    await client.call('system_resetLogFilter');
    await client.call('dev_newBlock');
    await expect.poll(() => logged(node)).toEqual([1, 5, 7]);
  });

  it('has one kind of such entries, and names the other', async () => {
    const error = { code: 5001, message: 'This storage kind is not available yet' };
    expect(await client.fails('offchain_localStorageGet', ['LOCAL', '0x'])).toEqual(error);
    expect(await client.fails('offchain_localStorageSet', ['LOCAL', '0x', '0x'])).toEqual(error);
    expect(await client.fails('offchain_localStorageClear', ['LOCAL', '0x'])).toEqual(error);
    expect(await client.fails('offchain_localStorageGet', ['persistent', '0x'])).toMatchObject({
      code: -32602,
    });
  });

  it('stores beside the chain while it makes blocks, one not in the way of the other', async () => {
    const before = await height();
    const entries = Array.from({ length: 64 }, (_, i) => `0x${i.toString(16).padStart(4, '0')}`);
    await Promise.all([
      ...entries.map((key) => client.call('offchain_localStorageSet', ['PERSISTENT', key, key])),
      ...entries.slice(0, 16).map(() => client.call('dev_newBlock')),
    ]);
    const kept = entries.map((key) => client.call('offchain_localStorageGet', ['PERSISTENT', key]));
    expect(await Promise.all(kept)).toEqual(entries);
    expect(await height()).toBe(before + 16);
  });

  it('keeps what it was given beside the chain, also through a kill', async () => {
    const key = `0x${'6b'.repeat(3000)}`;
    expect(await client.call('offchain_localStorageGet', ['PERSISTENT', key])).toBeNull();
    expect(await client.call('offchain_localStorageSet', ['PERSISTENT', key, '0x0102'])).toBeNull();
    await client.call('offchain_localStorageSet', ['PERSISTENT', '0x', '0x']);
    await client.call('offchain_localStorageSet', ['PERSISTENT', '0x01', '0x03']);
    await client.call('offchain_localStorageClear', ['PERSISTENT', '0x01']);
    await node.stop('SIGKILL');
    await start();
    expect(await client.call('offchain_localStorageGet', ['PERSISTENT', key])).toBe('0x0102');
    expect(await client.call('offchain_localStorageGet', ['PERSISTENT', '0x'])).toBe('0x');
    expect(await client.call('offchain_localStorageGet', ['PERSISTENT', '0x01'])).toBeNull();
  });
});
