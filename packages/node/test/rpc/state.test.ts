import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const UNKNOWN = `0x${'12'.repeat(32)}`;

/** Of the events of a block. */
const EVENTS = '0x26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7';

describe('state_*', () => {
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    backend = new FakeBackend({ '0xaa01': '0x01', '0xaa02': '0x02', '0xbb': '0x03' });
    server = await serve(backend, { allowUnsafe: true, limits: { keysPerCall: 3, blockRange: 3 } });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it.each([
    ['state_getStorage', ['0xaa01', UNKNOWN]],
    ['state_getKeysPaged', ['0xaa', 1, null, UNKNOWN]],
    ['state_getStorageSize', ['0xaa01', UNKNOWN]],
    ['state_call', ['Echo_echo', '0x', UNKNOWN]],
    ['state_getReadProof', [['0xaa01'], UNKNOWN]],
  ])('%s says 4003 of a block that is unknown', async (method, params) => {
    expect(await client.fails(method, params)).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: Header was not found in the database: ${UNKNOWN}`,
    });
  });

  it('says 4003 of a block whose state is pruned', async () => {
    backend.add();
    backend.pruned.add(backend.genesisHash);
    const error = {
      code: 4003,
      message: `Client error: UnknownBlock: State already discarded for ${backend.genesisHash}`,
    };
    expect(await client.fails('state_getStorage', ['0xaa01', backend.genesisHash])).toEqual(error);
    expect(await client.fails('state_call', ['Echo_echo', '0x', backend.genesisHash])).toEqual(error);
    expect(await client.fails('state_getReadProof', [['0xaa01'], backend.genesisHash])).toEqual(error);
  });

  it('tells the version and the metadata that were in force on an older block', async () => {
    backend.add();
    backend.olderRules.set(backend.genesisHash, 7);
    const at = [backend.genesisHash];
    expect(await client.call('state_getRuntimeVersion', at)).toMatchObject({ specVersion: 7 });
    expect(await client.call('chain_getRuntimeVersion', [])).toMatchObject({ specVersion: 1 });
    expect(await client.call('state_getMetadata', at)).toBe('0x6d6574610e07');
    backend.pruned.add(backend.genesisHash);
    for (const method of ['state_getRuntimeVersion', 'state_getMetadata']) {
      expect(await client.fails(method, at)).toEqual({
        code: 4003,
        message: `Client error: Api called for an unknown Block: State already discarded for ${backend.genesisHash}`,
      });
      expect(await client.fails(method, [UNKNOWN])).toEqual({
        code: 4003,
        message: `Client error: Api called for an unknown Block: Header was not found in the database: ${UNKNOWN}`,
      });
    }
  });

  it('reads the state of older blocks', async () => {
    backend.add({ changes: { '0xaa01': '0x09' } });
    expect(await client.call('state_getStorage', ['0xaa01'])).toBe('0x09');
    expect(await client.call('state_getStorage', ['0xaa01', backend.genesisHash])).toBe('0x01');
  });

  it('lists keys and pairs below a prefix, up to a bound', async () => {
    expect(await client.call('state_getKeys', ['0xaa'])).toEqual(['0xaa01', '0xaa02']);
    expect(await client.call('state_getPairs', ['0xaa'])).toEqual([
      ['0xaa01', '0x01'],
      ['0xaa02', '0x02'],
    ]);
    backend.add({ changes: { '0xaa03': '0x00', '0xaa04': '0x00' } });
    expect(await client.fails('state_getKeys', ['0xaa'])).toMatchObject({ code: 4002 });
    expect(await client.fails('state_subscribeStorage', [['0x01', '0x02', '0x03', '0x04']])).toMatchObject({
      code: 4002,
    });
  });

  it('walks over a range of blocks in state_queryStorage', async () => {
    const one = backend.add({ changes: { '0xaa01': '0x09' } });
    const two = backend.add({ changes: { '0xaa02': '0x0a' } });
    expect(await client.call('state_queryStorage', [['0xaa01'], backend.genesisHash, two.hash])).toEqual([
      { block: backend.genesisHash, changes: [['0xaa01', '0x01']] },
      { block: one.hash, changes: [['0xaa01', '0x09']] },
    ]);
    backend.add();
    expect(await client.fails('state_queryStorage', [['0xaa01'], backend.genesisHash])).toMatchObject({
      code: 4001,
    });
    expect(await client.fails('state_queryStorage', [['0xaa01'], two.hash, one.hash])).toEqual({
      code: 4001,
      message: `Cannot resolve a block range ['"2 (${two.hash})"' ... '"1 (${one.hash})"]. from number > to number`,
    });
    const side = backend.add({ parent: backend.genesisHash, isBest: false, finalize: false });
    expect(await client.fails('state_queryStorage', [['0xaa01'], side.hash, two.hash])).toEqual({
      code: 4001,
      message: `Cannot resolve a block range ['"1 (${side.hash})"' ... '"2 (${two.hash})"]. from and to are on different forks`,
    });
  });

  it('says 4001 of a range to a block that is unknown', async () => {
    const error = (from: string, to: string) => ({
      code: 4001,
      message: `Cannot resolve a block range ['"${from}"' ... '"Some(${to})"]. UnknownBlock: Header was not found in the database: ${UNKNOWN}`,
    });
    const { genesisHash } = backend;
    expect(await client.fails('state_queryStorageAt', [['0xaa01'], UNKNOWN])).toEqual(
      error(UNKNOWN, UNKNOWN),
    );
    expect(await client.fails('state_queryStorage', [['0xaa01'], genesisHash, UNKNOWN])).toEqual(
      error(genesisHash, UNKNOWN),
    );
  });

  it('gives the size of a value, or of all values below a prefix', async () => {
    backend.add({ changes: { '0xaa03': '0x010203' } });
    expect(await client.call('state_getStorageSize', ['0xaa03'])).toBe(3);
    expect(await client.call('state_getStorageSize', ['0xaa'])).toBe(5);
    expect(await client.call('state_getStorageSize', ['0x'])).toBe(6);
    expect(await client.call('state_getStorageSize', ['0xcc'])).toBeNull();
    expect(await client.call('state_getStorageSizeAt', ['0xaa', backend.genesisHash])).toBe(2);
  });

  it('tells the events of each block, also where they are as in the block before', async () => {
    const writes = (value: string): object => ({ changes: { [EVENTS]: value, '0xaa01': value } });
    backend.add(writes('0x01'));
    const keys = [EVENTS, '0xaa01'];
    const [id, all] = [
      await client.call<string>('state_subscribeStorage', [keys]),
      await client.call<string>('state_subscribeStorage', [null]),
    ];
    const blocks = [backend.best().hash, backend.add(writes('0x02')).hash, backend.add({ changes: {} }).hash];
    const told = [
      { block: blocks[1], changes: keys.map((key) => [key, '0x02']) },
      { block: blocks[2], changes: [[EVENTS, '0x02']] },
    ];
    expect(await client.results(id, 3)).toEqual([
      { block: blocks[0], changes: keys.map((key) => [key, '0x01']) },
      ...told,
    ]);
    expect(await client.results(all, 2)).toEqual(told);
  });

  it('tells the operator who names no keys all that is written', async () => {
    const id = await client.call<string>('state_subscribeStorage', [null]);
    const { hash } = backend.add({ changes: { '0xaa01': null, '0xcc': '0x05' } });
    const changes = [
      ['0xaa01', null],
      ['0xcc', '0x05'],
    ];
    expect(await client.results(id, 1)).toEqual([{ block: hash, changes }]);
    const guarded = await serve(backend);
    const stranger = await guarded.connect();
    expect(await stranger.fails('state_subscribeStorage')).toEqual({
      code: -32601,
      message: 'RPC call is unsafe to be called externally',
    });
    await guarded.stop();
  });

  it('gives the nodes of a read proof with the block that they prove against', async () => {
    expect(await client.call('state_getReadProof', [['0xaa01']])).toEqual({
      at: backend.genesisHash,
      proof: ['0xaa01'],
    });
  });

  it('tells subscribers of storage the difference when another branch becomes best', async () => {
    const id = await client.call<string>('state_subscribeStorage', [['0xaa01', '0xbb']]);
    backend.add({ finalize: false, changes: { '0xaa01': '0x08' } });
    const side = backend.add({
      parent: backend.genesisHash,
      isBest: false,
      finalize: false,
      changes: { '0xbb': '0x07' },
    });
    backend.add({ parent: side.hash, finalize: false });
    const results = await client.results<{ changes: unknown }>(id, 3);
    expect(results[2]?.changes).toEqual([
      ['0xaa01', '0x01'],
      ['0xbb', '0x07'],
    ]);
  });

  it('tells the runtime version once to its subscribers', async () => {
    const id = await client.call<string>('state_subscribeRuntimeVersion');
    expect(await client.results(id, 1)).toMatchObject([{ specName: 'hamster' }]);
    expect(client.notifications(id)[0]?.method).toBe('state_runtimeVersion');
    expect(await client.call('state_unsubscribeRuntimeVersion', [id])).toBe(true);
    // An id of another kind of subscription is not this method's to end.
    expect(await client.call('state_unsubscribeStorage', [id])).toBe(false);
  });
});
