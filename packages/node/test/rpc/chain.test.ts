import { ss58Encode } from '@hamster/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const UNKNOWN = `0x${'12'.repeat(32)}`;

describe('chain_*, system_* and chainSpec_*', () => {
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new FakeBackend();
    server = await serve(backend);
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it('gives a block with its header and its extrinsics', async () => {
    const { hash } = backend.add({ body: [bytes('0x0401'), bytes('0x0402')] });
    const expected = {
      block: {
        header: {
          parentHash: backend.genesisHash,
          number: '0x1',
          stateRoot: backend.header(hash)?.stateRoot,
          extrinsicsRoot: `0x${'00'.repeat(32)}`,
          digest: { logs: ['0x0102'] },
        },
        extrinsics: ['0x0401', '0x0402'],
      },
      justifications: [
        [
          [70, 82, 78, 75],
          [1, 2, 3],
        ],
      ],
    };
    expect(await client.call('chain_getBlock', [hash])).toEqual(expected);
    expect(await client.call('chain_getBlock')).toEqual(expected);
    expect(await client.call('chain_getHeader', [null])).toEqual(expected.block.header);
  });

  it('answers null for blocks that are unknown', async () => {
    expect(await client.call('chain_getBlock', [UNKNOWN])).toBeNull();
    expect(await client.call('chain_getHeader', [UNKNOWN])).toBeNull();
  });

  it('tells best, all and finalized heads apart', async () => {
    const subscribe = (kind: string): Promise<string> => client.call<string>(`chain_subscribe${kind}Heads`);
    const [fresh, all, final] = [
      await subscribe('New'),
      await subscribe('All'),
      await subscribe('Finalized'),
    ];
    const one = backend.add({ finalize: false });
    backend.add({ parent: backend.genesisHash, isBest: false, finalize: false });
    backend.add({ parent: one.hash });
    const numbers = async (id: string, count: number): Promise<string[]> =>
      (await client.results<{ number: string }>(id, count)).map(({ number }) => number);
    expect(await numbers(all, 4)).toEqual(['0x0', '0x1', '0x1', '0x2']);
    expect(await numbers(fresh, 3)).toEqual(['0x0', '0x1', '0x2']);
    expect(await numbers(final, 3)).toEqual(['0x0', '0x1', '0x2']);
    expect(await client.call('chain_getFinalizedHead')).toBe(backend.best().hash);
  });

  it('tells no more after an unsubscribe', async () => {
    const id = await client.call<string>('chain_subscribeFinalizedHeads');
    await client.call('chain_unsubscribeFinalizedHeads', [id]);
    backend.add();
    await client.call('system_name');
    expect(client.notifications(id)).toHaveLength(1);
  });

  it('tells what chain and what node this is', async () => {
    backend.add();
    const properties = { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'HAM' };
    expect(await client.call('system_chain')).toBe('Hamster Development');
    expect(await client.call('system_chainType')).toBe('Development');
    expect(await client.call('system_name')).toBe('Hamster Node');
    expect(await client.call('system_version')).toBe('0.1.0');
    expect(await client.call('system_properties')).toEqual(properties);
    expect(await client.call('system_health')).toEqual({
      peers: 0,
      isSyncing: false,
      shouldHavePeers: false,
    });
    expect(await client.call('system_nodeRoles')).toEqual(['Authority']);
    expect(await client.call('system_localPeerId')).toBe('');
    expect(await client.call('system_localListenAddresses')).toEqual([]);
    expect(await client.call('system_syncState')).toEqual({
      startingBlock: 0,
      currentBlock: 1,
      highestBlock: 1,
    });
    expect(await client.call('chainSpec_v1_chainName')).toBe('Hamster Development');
    expect(await client.call('chainSpec_v1_genesisHash')).toBe(backend.genesisHash);
    expect(await client.call('chainSpec_v1_properties')).toEqual(properties);
  });

  it('counts what an account has in the pool into its next nonce', async () => {
    const signer = new Uint8Array(32).fill(7);
    const address = ss58Encode(signer);
    const extrinsic = (account: Uint8Array, nonce: number): Uint8Array => Uint8Array.of(...account, nonce);
    expect(await client.call('system_accountNextIndex', [address])).toBe(3);
    backend.pool.push(extrinsic(signer, 4), extrinsic(signer, 3), extrinsic(signer, 6));
    backend.pool.push(extrinsic(new Uint8Array(32).fill(8), 5), bytes('0x00'));
    expect(await client.call('system_accountNextIndex', [address])).toBe(5);
    expect(await client.call('account_nextIndex', [address])).toBe(5);
  });
});

describe('dev_newBlock', () => {
  it('is there only when the node seals by hand', async () => {
    const automatic = await serve(new FakeBackend(), { allowUnsafe: true });
    const client = await automatic.connect();
    expect(await client.fails('dev_newBlock')).toMatchObject({ code: -32601 });
    await automatic.stop();
  });

  it('authors a block and answers its hash', async () => {
    const backend = new FakeBackend({}, { manualSeal: true });
    const manual = await serve(backend, { allowUnsafe: true });
    const client = await manual.connect();
    expect(await client.call('dev_newBlock')).toBe(backend.best().hash);
    expect(backend.best().number).toBe(1);
    await manual.stop();
  });
});
