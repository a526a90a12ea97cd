import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hash } from '../../src/header.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';
import { SlowBackend } from './support/slow-backend.ts';

const COUNT = 200;
const KEYS = Array.from({ length: COUNT }, (_, index) => `0xaa${index.toString(16).padStart(4, '0')}`);
const FEW = KEYS.slice(0, 8);

describe('states that take long to read', () => {
  let backend: SlowBackend;
  let server: TestServer;
  let client: TestClient;
  let other: TestClient;
  const start = async (limits = {}): Promise<void> => {
    backend = new SlowBackend(Object.fromEntries(KEYS.map((key) => [key, '0x01'])));
    server = await serve(backend, { allowUnsafe: true, limits });
    client = await server.connect();
    other = await server.connect();
  };
  beforeEach(() => start());
  afterEach(async () => {
    backend.stop();
    expect(server.faults).toEqual([]);
    await server.stop();
  });

  const expectOneInEachTurn = (rounds: readonly number[], count: number): void => {
    expect(rounds).toHaveLength(count);
    expect(new Set(rounds).size).toBe(count);
  };

  /** Blocks of which each changes the first key. */
  const addBlocks = (): Hash[] =>
    ['0x02', '0x03'].map((value) => backend.add({ changes: { '0xaa0000': value } }).hash);

  it('are queried in a turn for each value, over several blocks', async () => {
    const [one, two] = addBlocks();
    const { genesisHash } = backend;
    expect(await client.call('state_queryStorage', [FEW, genesisHash, two])).toEqual([
      { block: genesisHash, changes: FEW.map((key) => [key, '0x01']) },
      { block: one, changes: [['0xaa0000', '0x02']] },
      { block: two, changes: [['0xaa0000', '0x03']] },
    ]);
    expectOneInEachTurn(backend.reads, 3 * FEW.length);
  });

  it('are queried in a turn for each value by each of several requests', async () => {
    const ask = (): Promise<unknown> => client.call('state_queryStorageAt', [FEW]);
    const answer = [{ block: backend.genesisHash, changes: FEW.map((key) => [key, '0x01']) }];
    expect(await Promise.all([ask(), ask()])).toEqual([answer, answer]);
    expectOneInEachTurn(backend.reads, 2 * FEW.length);
  });

  it('are queried in a turn for each value by POST and in a batch', async () => {
    const params = [FEW];
    const response = await fetch(`http://127.0.0.1:${server.server.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        [1, 2].map((id) => ({ jsonrpc: '2.0', id, method: 'state_queryStorageAt', params })),
      ),
    });
    const result = [{ block: backend.genesisHash, changes: FEW.map((key) => [key, '0x01']) }];
    expect(await response.json()).toEqual([1, 2].map((id) => ({ jsonrpc: '2.0', id, result })));
    expectOneInEachTurn(backend.reads, 2 * FEW.length);
  });

  it('are listed page by page', async () => {
    expect(await client.call('state_getKeys', ['0xaa'])).toEqual(KEYS);
    expectOneInEachTurn(backend.listings, 4);
    expect(await client.call('state_getKeysPaged', ['0xaa', 65, KEYS[0]])).toEqual(KEYS.slice(1, 66));
    expectOneInEachTurn(backend.listings, 6);
  });

  it('are listed with their values, of which each has a turn', async () => {
    const pairs = await client.call('state_getPairs', ['0xaa']);
    expect(pairs).toEqual(KEYS.map((key) => [key, '0x01']));
    expectOneInEachTurn(backend.reads, COUNT);
    expectOneInEachTurn(backend.listings, 4);
  });

  it('are proved for a few keys in each turn, each node once', async () => {
    const { genesisHash } = backend;
    expect(await client.call('state_getReadProof', [[...KEYS, ...KEYS.slice(0, 8)]])).toEqual({
      at: genesisHash,
      proof: KEYS,
    });
    expectOneInEachTurn(backend.proofs, 13);
    expect(await client.call('state_getReadProof', [[]])).toEqual({ at: genesisHash, proof: [] });
  });

  it.each([
    ['state_queryStorageAt', [KEYS]],
    ['state_getPairs', ['0xaa']],
    ['state_getStorageSize', ['0xaa']],
    ['state_getReadProof', [KEYS]],
  ])('let others be answered in between by %s', async (method, params) => {
    const order: string[] = [];
    backend.onRead = () => {
      backend.onRead = () => undefined;
      void other.call('system_name').then(() => order.push('other'));
    };
    await client.call(method, params);
    order.push(method);
    await other.call('system_name');
    expect(order).toEqual(['other', method]);
  });

  it.each([
    ['state_queryStorageAt', [KEYS]],
    ['state_queryStorage', [KEYS, null]],
    ['state_getPairs', ['0xaa']],
    ['state_getStorageSize', ['0xaa']],
    ['state_getReadProof', [KEYS]],
  ])('may be pruned in the middle of %s, which is told', async (method, params) => {
    const { genesisHash } = backend;
    backend.onRead = () =>
      backend.reads.length + backend.proofs.length > 3 && backend.pruned.add(genesisHash);
    const given = params.map((value) => value ?? genesisHash);
    expect(await client.fails(method, given)).toEqual({
      code: 4003,
      message: `Client error: UnknownBlock: State already discarded for ${genesisHash}`,
    });
    expect(backend.reads.length).toBeLessThan(70);
  });

  it('are told in a turn for each value to each of several subscribers', async () => {
    const few = FEW.slice(0, 4);
    const ids = await Promise.all([1, 2, 3].map(() => client.call<string>('state_subscribeStorage', [few])));
    for (const id of ids) await client.results(id, 1);
    expectOneInEachTurn(backend.reads.splice(0), 3 * few.length);
    const { hash } = backend.add({ changes: Object.fromEntries(few.map((key) => [key, '0x02'])) });
    for (const id of ids) {
      const [, told] = await client.results(id, 2);
      expect(told).toEqual({ block: hash, changes: few.map((key) => [key, '0x02']) });
    }
    // Each is compared with what it was.
    expect(backend.reads).toHaveLength(2 * 3 * few.length);
    expect(new Set(backend.reads).size).toBe(3 * few.length);
  });

  it('are told in a turn for each value to who subscribes to all that is written', async () => {
    const id = await client.call<string>('state_subscribeStorage', [null]);
    const { hash } = backend.add({ changes: Object.fromEntries(FEW.map((key) => [key, '0x02'])) });
    const [told] = await client.results(id, 1);
    expect(told).toEqual({ block: hash, changes: FEW.map((key) => [key, '0x02']) });
    // The events and the weight, of which this chain has none, among them.
    expectOneInEachTurn(backend.reads, FEW.length + 2);
  });

  it('may be pruned before a subscriber was told of them: the next block tells them', async () => {
    const { genesisHash } = backend;
    backend.onRead = () => backend.reads.length > 3 && backend.pruned.add(genesisHash);
    const id = await client.call<string>('state_subscribeStorage', [FEW]);
    // It is answered behind what is read for the subscription.
    await client.call('system_name');
    const { hash } = backend.add({ changes: { '0xaa0000': '0x02' } });
    const changes = FEW.map((key, index) => [key, index === 0 ? '0x02' : '0x01']);
    expect(await client.results(id, 1)).toEqual([{ block: hash, changes }]);
  });

  it('cost who is told of blocks much later than they come its connection, and nobody else', async () => {
    await server.stop();
    backend.stop();
    await start({ heldBytes: 50_000 });
    const modest = await other.call<string>('chain_subscribeNewHeads');
    for (let count = 0; count < 16; count++) await client.call('state_subscribeStorage', [FEW.slice(0, 1)]);
    const closed = new Promise((resolve) => client.socket.once('close', resolve));
    const BLOCKS = 16;
    for (let count = 0; count < BLOCKS; count++) backend.add({ changes: { '0xaa0000': `0x0${count % 8}` } });
    await closed;
    expect(await other.results(modest, BLOCKS + 1)).toHaveLength(BLOCKS + 1);
    expect(server.faults.splice(0)).toEqual([{ dropped: 1 }]);
  });

  it('are read no further for who is gone', async () => {
    backend.onRead = () => client.socket.terminate();
    await expect(client.call('state_queryStorageAt', [KEYS])).rejects.toThrow('closed');
    // Each of them is answered in a later turn of the event loop.
    for (let round = 0; round < COUNT; round++) await other.call('system_name');
    expect(backend.reads.length).toBeLessThan(COUNT);
  });

  it('are compared no further for who has ended the subscription', async () => {
    const id = await client.call<string>('state_subscribeStorage', [KEYS.slice(0, 1)]);
    await client.results(id, 1);
    const unsubscribed = client.call('state_unsubscribeStorage', [id]);
    backend.onRead = () => expect.unreachable('nobody wants to know');
    expect(await unsubscribed).toBe(true);
    backend.add({ changes: { '0xaa0000': '0x02' } });
    await client.call('system_name');
  });

  it('are told once for a key that is named many times, and not at all for none', async () => {
    const { genesisHash } = backend;
    const changes = [['0xaa0001', '0x01']];
    expect(await client.call('state_queryStorageAt', [Array(4096).fill('0xaa0001')])).toEqual([
      { block: genesisHash, changes },
    ]);
    expect(await client.call('state_queryStorageAt', [[]])).toEqual([]);
    expectOneInEachTurn(backend.reads, 1);
  });
});

describe('a pool that is more than an answer may have', () => {
  it('is not written to its end', async () => {
    const backend = new SlowBackend();
    let written = 0;
    function* extrinsics(): Generator<Uint8Array> {
      for (; written < 1000; written++) yield new Uint8Array(100);
    }
    backend.ready = () => ({ [Symbol.iterator]: extrinsics }) as unknown as Uint8Array[];
    const server = await serve(backend, { limits: { responseBytes: 4096 } });
    const client = await server.connect();
    const error = { code: -32008, message: 'Response is too big', data: 'Exceeded max limit of 4096' };
    expect(await client.fails('author_pendingExtrinsics')).toEqual(error);
    expect(written).toBeLessThan(50);
    backend.stop();
    await server.stop();
  });
});

describe('states that are more than an answer may have', () => {
  it('are not read to their end', async () => {
    const backend = new SlowBackend(Object.fromEntries(KEYS.map((key) => [key, `0x${'01'.repeat(100)}`])));
    const server = await serve(backend, { allowUnsafe: true, limits: { responseBytes: 4096 } });
    const client = await server.connect();
    const error = { code: -32008, message: 'Response is too big', data: 'Exceeded max limit of 4096' };
    expect(await client.fails('state_queryStorageAt', [KEYS])).toEqual(error);
    expect(backend.reads.length).toBeLessThan(COUNT / 2);
    expect(await client.fails('state_getPairs', ['0xaa'])).toEqual(error);
    expect(backend.reads.length).toBeLessThan(COUNT);
    backend.stop();
    await server.stop();
  });

  it('cost who asks for them over and over its connection', async () => {
    const big = Object.fromEntries(KEYS.map((key) => [key, `0x${'01'.repeat(1000)}`]));
    const backend = new SlowBackend(big);
    const server = await serve(backend, { limits: { heldBytes: 1_000_000 } });
    const [greedy, modest] = [await server.connect(), await server.connect()];
    const asked = Array.from({ length: 16 }, () => greedy.call('state_queryStorageAt', [KEYS]));
    const outcomes = await Promise.allSettled(asked);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(await modest.call('state_queryStorageAt', [KEYS.slice(0, 1)])).toHaveLength(1);
    expect(backend.reads.length).toBeLessThan(16 * COUNT);
    backend.stop();
    await server.stop();
  });

  it('cost who has them compared over and over its connection', async () => {
    const backend = new FakeBackend();
    const server = await serve(backend, { limits: { heldBytes: 100_000 } });
    const [greedy, modest] = [await server.connect(), await server.connect()];
    const keys = Array.from({ length: 1000 }, (_, index) => `0x${(0xaa0000 + index).toString(16)}`);
    const { hash } = backend.add({ changes: Object.fromEntries(keys.map((key) => [key, '0x01'])) });
    const closed = new Promise((resolve) => greedy.socket.once('close', resolve));
    for (let count = 0; count < 32; count++) greedy.socket.send(diffOf(hash));
    await closed;
    const id = await modest.call<string>('archive_v1_storageDiff', [
      hash,
      [{ key: keys[0], returnType: 'hash' }],
    ]);
    expect(await modest.results(id, 2)).toHaveLength(2);
    expect(server.faults).toEqual([{ dropped: 1 }]);
    await server.stop();
  });
});

/** Of nothing that is there. */
const diffOf = (block: string): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'archive_v1_storageDiff',
    params: [block, [{ key: '0xff', returnType: 'hash' }]],
  });
