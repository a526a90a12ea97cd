import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

/** Each of these broke a client of others, or would: the wire says it in one way and not in another. */
describe('wire traps', () => {
  const CODE = '0x3a636f6465';
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new FakeBackend({ [CODE]: '0x00010203', '0xaa01': '0x01', '0xaa02': '0x02', '0xbb': '0x03' });
    server = await serve(backend);
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it('trap 1: writes extrinsic states without a value as bare strings, not as {"ready":null}', async () => {
    const id = await client.call<string>('author_submitAndWatchExtrinsic', ['0x0402']);
    backend.report(bytes('0x0402'), { type: 'future' });
    backend.report(bytes('0x0402'), { type: 'inBlock', block: backend.genesisHash, index: 1 });
    backend.report(bytes('0x0402'), { type: 'finalized', block: backend.genesisHash, index: 1 });
    expect(await client.results(id, 4)).toEqual([
      'ready',
      'future',
      { inBlock: backend.genesisHash },
      { finalized: backend.genesisHash },
    ]);
    expect(client.notifications(id)[0]?.method).toBe('author_extrinsicUpdate');
  });

  it('trap 2: carries finalizedBlockRuntime with apis as an object in chainHead initialized', async () => {
    const id = await client.call<string>('chainHead_v1_follow', [true]);
    expect(await client.event(id, 'initialized')).toEqual({
      event: 'initialized',
      finalizedBlockHashes: [backend.genesisHash],
      finalizedBlockRuntime: {
        type: 'valid',
        spec: {
          specName: 'hamster',
          implName: 'hamster-ts',
          specVersion: 1,
          implVersion: 1,
          transactionVersion: 1,
          apis: { '0xdf6acb689907609b': 5, '0x37e397fc7c91f5e4': 2 },
        },
      },
    });
  });

  it('writes apis as a list of pairs in state_getRuntimeVersion and chain_getRuntimeVersion', async () => {
    const version = {
      specName: 'hamster',
      implName: 'hamster-ts',
      authoringVersion: 1,
      specVersion: 1,
      implVersion: 1,
      transactionVersion: 1,
      systemVersion: 1,
      stateVersion: 1,
      apis: [
        ['0xdf6acb689907609b', 5],
        ['0x37e397fc7c91f5e4', 2],
      ],
    };
    expect(await client.call('state_getRuntimeVersion')).toEqual(version);
    expect(await client.call('state_getRuntimeVersion', [null])).toEqual(version);
    expect(await client.call('chain_getRuntimeVersion', [backend.genesisHash])).toEqual(version);
  });

  it('gives state_getMetadata as plain bytes that begin with "meta"', async () => {
    expect(await client.call('state_getMetadata')).toMatch(`0x${Buffer.from('meta').toString('hex')}0e`);
  });

  it('passes what a runtime API returns through as it is, prefix and all', async () => {
    expect(await client.call('state_call', ['Echo_echo', '0x0c010203'])).toMatch(/^0x..0c010203$/);
  });

  it('says of a runtime API that nobody serves what clients look for', async () => {
    expect(await client.fails('state_call', ['Metadata_unknown', '0x'])).toEqual({
      code: 4003,
      message: 'Client error: Execution failed: Other: Exported method Metadata_unknown is not found',
    });
  });

  it('trap 6: takes a number, a hex number, a list, null or nothing in chain_getBlockHash', async () => {
    const { hash } = backend.add();
    const genesis = backend.genesisHash;
    expect(await client.call('chain_getBlockHash', [0])).toBe(genesis);
    expect(await client.call('chain_getBlockHash', ['0x0'])).toBe(genesis);
    expect(await client.call('chain_getBlockHash', ['0x1'])).toBe(hash);
    expect(await client.call('chain_getBlockHash', [[0, '0x1', 9]])).toEqual([genesis, hash, null]);
    expect(await client.call('chain_getBlockHash', ['1'])).toBe(hash);
    expect(await client.call('chain_getBlockHash', ['A'])).toBeNull();
    expect(await client.call('chain_getBlockHash', [9])).toBeNull();
    expect(await client.call('chain_getBlockHash', [null])).toBe(hash);
    expect(await client.call('chain_getBlockHash')).toBe(hash);
    expect(await client.fails('chain_getBlockHash', [-1])).toMatchObject({ code: -32602 });
    expect(await client.fails('chain_getBlockHash', [2 ** 64])).toMatchObject({ code: -32602 });
    expect(await client.fails('chain_getBlockHash', [2 ** 32])).toEqual({
      code: 3001,
      message: '`Number(4294967296)` > u32::MAX, the max block number is u32.',
    });
    expect(await client.fails('chain_getBlockHash', ['0x100000000'])).toEqual({
      code: 3001,
      message: '`Hex(4294967296)` > u32::MAX, the max block number is u32.',
    });
    expect(await client.fails('chain_getBlockHash', ['latest'])).toMatchObject({ code: -32602 });
  });

  it('trap 6: takes null as prefix, start key and block in state_getKeysPaged', async () => {
    expect(await client.call('state_getKeysPaged', ['0xaa', 10, null, null])).toEqual(['0xaa01', '0xaa02']);
    expect(await client.call('state_getKeysPaged', ['0xaa', 10, '0xaa01'])).toEqual(['0xaa02']);
    expect(await client.call('state_getKeysPaged', [null, 2, null, null])).toEqual([CODE, '0xaa01']);
    expect(await client.call('state_getKeysPaged', ['0xaa', 1, null, backend.genesisHash])).toHaveLength(1);
  });

  it('limits state_getKeysPaged to 1000 keys with 4002', async () => {
    expect(await client.fails('state_getKeysPaged', ['0x', 1001])).toEqual({
      code: 4002,
      message: 'count exceeds maximum value. value: 1001, max: 1000',
    });
  });

  it('answers state_queryStorageAt with a list of one change set, absent keys as null', async () => {
    const expected = [
      {
        block: backend.genesisHash,
        changes: [
          ['0xaa01', '0x01'],
          ['0xcc', null],
        ],
      },
    ];
    expect(await client.call('state_queryStorageAt', [['0xaa01', '0xcc']])).toEqual(expected);
    expect(await client.call('state_queryStorageAt', [['0xaa01', '0xcc'], null])).toEqual(expected);
    expect(await client.call('state_queryStorageAt', [['0xaa01', '0xcc'], backend.genesisHash])).toEqual(
      expected,
    );
  });

  it('tells all keys at first and then changes only in state_subscribeStorage', async () => {
    const id = await client.call<string>('state_subscribeStorage', [['0xaa01', '0xbb', '0xdd']]);
    backend.add({ changes: { '0xaa02': '0x07' } });
    backend.add({ changes: { '0xbb': '0x03', '0xaa01': '0x08' } });
    const last = backend.add({ changes: { '0xbb': null, '0xdd': '0x09' } });
    const results = await client.results<{ block: string; changes: unknown }>(id, 3);
    expect(results.map(({ changes }) => changes)).toEqual([
      [
        ['0xaa01', '0x01'],
        ['0xbb', '0x03'],
        ['0xdd', null],
      ],
      [['0xaa01', '0x08']],
      [
        ['0xbb', null],
        ['0xdd', '0x09'],
      ],
    ]);
    expect(results[2]?.block).toBe(last.hash);
    expect(client.notifications(id)[0]?.method).toBe('state_storage');
  });

  it('serves the singular chain_subscribeNewHead beside the plural, with chain_newHead events', async () => {
    for (const name of ['Head', 'Heads']) {
      const id = await client.call<string>(`chain_subscribeNew${name}`);
      expect(await client.results(id, 1)).toMatchObject([{ number: '0x0', digest: { logs: ['0x0102'] } }]);
      expect(client.notifications(id)[0]?.method).toBe('chain_newHead');
      expect(await client.call(`chain_unsubscribeNew${name}`, [id])).toBe(true);
      expect(await client.call(`chain_unsubscribeNew${name}`, [id])).toBe(false);
    }
  });

  it('trap 7: gives the hash of :code by both ways, which some clients use as a cache key', async () => {
    const hash = await client.call('state_getStorageHash', [CODE]);
    const follow = await client.call<string>('chainHead_v1_follow', [true]);
    await client.call('chainHead_v1_storage', [
      follow,
      backend.genesisHash,
      [{ key: CODE, type: 'hash' }],
      null,
    ]);
    expect(await client.event(follow, 'operationStorageItems')).toMatchObject({
      items: [{ key: CODE, hash }],
    });
  });

  it('takes "" and "0x" for no call parameters', async () => {
    expect(await client.call('state_call', ['Echo_echo', ''])).toMatch(/^0x..$/);
    expect(await client.call('state_call', ['Echo_echo', '0x'])).toMatch(/^0x..$/);
  });

  it('gives the size and the bytes of a value, and null where there is none', async () => {
    expect(await client.call('state_getStorageSize', [CODE])).toBe(4);
    expect(await client.call('state_getStorage', [CODE, null])).toBe('0x00010203');
    expect(await client.call('state_getStorageAt', [CODE, backend.genesisHash])).toBe('0x00010203');
    expect(await client.call('state_getStorage', ['0xdead'])).toBeNull();
  });
});
