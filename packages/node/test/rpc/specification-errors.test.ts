import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chainHead_v1_continue } from '../../src/rpc/methods/chain-head.ts';
import type { SessionCall } from '../../src/rpc/protocol/method.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const UNKNOWN = `0x${'12'.repeat(32)}`;
const BAD: unknown = expect.any(String);
const NO_HEX = ['0xabc', '0xzz', 'zz', '0x 1'];

/** Codes, words and occasions are those of sc-rpc-spec-v2 0.62 of polkadot-sdk. */
describe('errors of the specification', () => {
  let backend: FakeBackend;
  let genesis: string;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new FakeBackend({ '0xaa01': '0x01', '0xaa02': '0x02', '0xaa03': '0x03' });
    genesis = backend.genesisHash;
    server = await serve(backend, { limits: { followsPerConnection: 1, pageItems: 2 } });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  const follow = (withRuntime = true): Promise<string> => client.call('chainHead_v1_follow', [withRuntime]);

  describe('as chain_head/error.rs has them', () => {
    it('-32800: a follow more than a connection may have', async () => {
      await follow();
      expect(await client.fails('chainHead_v1_follow', [true])).toEqual({
        code: -32800,
        message: 'Maximum number of chainHead_follow has been reached',
      });
    });

    it('-32801: a block that is not pinned', async () => {
      const id = await follow();
      const error = { code: -32801, message: 'Invalid block hash' };
      expect(await client.fails('chainHead_v1_header', [id, UNKNOWN])).toEqual(error);
      expect(await client.fails('chainHead_v1_unpin', [id, [genesis, UNKNOWN]])).toEqual(error);
    });

    it('-32802: a call where the follow does not tell of runtimes', async () => {
      const id = await follow(false);
      expect(await client.fails('chainHead_v1_call', [id, genesis, 'Echo_echo', '0x'])).toEqual({
        code: -32802,
        message: 'The `chainHead_follow` subscription was started with `withRuntime` set to `false`',
      });
    });

    it('-32803: a continue that nothing waits for', () => {
      // Over the wire the operation may be done, or wait again, before a second continue comes.
      const operations = { get: () => ({ id: 'operation', stopped: false, resume: undefined }) };
      const session = { follows: new Map([['follow', { operations }]]) };
      const call = { session } as unknown as SessionCall;
      const error = {
        rpcCode: -32803,
        message: 'Wait for continue event was not generated for the subscription',
      };
      expect(() => chainHead_v1_continue.run(call, ['follow', 'operation'])).toThrow(
        expect.objectContaining(error) as Error,
      );
      expect(chainHead_v1_continue.run(call, ['another', 'operation'])).toBeNull();
    });

    it('-32804: a block that is to be unpinned twice', async () => {
      const id = await follow();
      expect(await client.fails('chainHead_v1_unpin', [id, [genesis, genesis]])).toEqual({
        code: -32804,
        message: 'Received duplicate hashes for the `chainHead_unpin` method',
      });
    });

    it.each(NO_HEX)('-32602: %s where bytes should be', async (text) => {
      const id = await follow();
      const error = { code: -32602, message: `Invalid parameter: ${text}` };
      expect(await client.fails('chainHead_v1_call', [id, genesis, 'Echo_echo', text])).toEqual(error);
      const items = [{ key: text, type: 'value' }];
      expect(await client.fails('chainHead_v1_storage', [id, genesis, items])).toEqual(error);
      expect(await client.fails('chainHead_v1_storage', [id, genesis, [], text])).toEqual(error);
    });
  });

  describe('as archive/error.rs has them', () => {
    it.each(NO_HEX)('3001: %s where bytes should be', async (text) => {
      expect(await client.fails('archive_v1_call', [genesis, 'Echo_echo', text])).toEqual({
        code: 3001,
        message: `Invalid parameter: ${text}`,
      });
    });

    it('3001: a height that no block can have', async () => {
      expect(await client.fails('archive_v1_hashByHeight', [2 ** 32])).toEqual({
        code: 3001,
        message: `Invalid parameter: Invalid block height: ${2 ** 32}`,
      });
      expect(await client.fails('archive_v1_hashByHeight', [2 ** 63])).toEqual({
        code: 3001,
        message: 'Invalid parameter: Invalid block height: 9223372036854775808',
      });
      expect(await client.fails('archive_v1_hashByHeight', [2 ** 64])).toMatchObject({
        code: -32602,
        data: BAD,
      });
      expect(await client.call('archive_v1_hashByHeight', [2 ** 32 - 1])).toEqual([]);
    });

    it.each([
      [{ key: '0xabc', type: 'value' }, null, '0xabc'],
      [{ key: '0xaa', type: 'value' }, '0xabc', '0xabc'],
      [{ key: '0xaa', type: 'descendantsHashes', paginationStartKey: 'zz' }, null, 'zz'],
      [
        { key: '0xaa', type: 'hash', paginationStartKey: '0xaa' },
        null,
        'paginationStartKey is only valid for descendantsValues and descendantsHashes query types',
      ],
    ])('an event of archive_v1_storage: %j', async (item, childTrie, what) => {
      const id = await client.call<string>('archive_v1_storage', [genesis, [item], childTrie]);
      const error = `Invalid parameter: ${what}`;
      expect(await client.results(id, 1)).toEqual([{ event: 'storageError', error }]);
    });

    it.each([
      [{ key: '0xabc', returnType: 'value' }, '0xabc'],
      [{ returnType: 'hash', childTrieKey: 'zz' }, 'zz'],
    ])('an event of archive_v1_storageDiff: %j', async (item, what) => {
      const { hash } = backend.add();
      const id = await client.call<string>('archive_v1_storageDiff', [hash, [item]]);
      const error = `Invalid parameter: ${what}`;
      expect(await client.results(id, 1)).toEqual([{ event: 'storageDiffError', error }]);
    });

    it('and compares everything where no items are given', async () => {
      const { hash } = backend.add({ changes: { '0xaa01': '0x09' } });
      const id = await client.call<string>('archive_v1_storageDiff', [hash, []]);
      expect(await client.results(id, 2)).toEqual([
        { event: 'storageDiff', key: '0xaa01', value: '0x09', type: 'modified' },
        { event: 'storageDiffDone' },
      ]);
      expect(await client.call('archive_v1_storageDiff_stopStorageDiff', [id])).toBe(false);
    });
  });

  it('3001 of sc-rpc-api chain/error.rs: a number that no block can have', async () => {
    expect(await client.fails('chain_getBlockHash', [2 ** 32])).toEqual({
      code: 3001,
      message: '`Number(4294967296)` > u32::MAX, the max block number is u32.',
    });
    expect(await client.fails('chain_getBlockHash', ['0x100000000'])).toEqual({
      code: 3001,
      message: '`Hex(4294967296)` > u32::MAX, the max block number is u32.',
    });
  });

  it('1 of substrate-frame-rpc-system: a nonce for which the runtime fails', async () => {
    const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
    backend.callRuntime = () => {
      throw new TypeError('no nonce today');
    };
    expect(await client.fails('system_accountNextIndex', [alice])).toEqual({
      code: 1,
      message: 'Unable to query nonce.',
      data: 'no nonce today',
    });
  });
});
