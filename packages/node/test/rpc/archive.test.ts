import { blake2b256, toHex } from '@hamster/crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { TestClient } from './support/client.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const UNKNOWN = `0x${'12'.repeat(32)}`;
const NOT_FOUND = `UnknownBlock: Header was not found in the database: ${UNKNOWN}`;

/** More than what is waiting to be sent may have, if each of them sends one of its values. */
const STREAMS = 256;

describe('archive_v1_*', () => {
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  let genesis: string;
  beforeEach(async () => {
    backend = new FakeBackend({ '0xaa01': '0x01', '0xaa02': '0x02', '0xaa03': '0x03' });
    genesis = backend.genesisHash;
    server = await serve(backend, { limits: { pageItems: 2 } });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it('finds blocks by height', async () => {
    const { hash } = backend.add();
    expect(await client.call('archive_v1_genesisHash')).toBe(genesis);
    expect(await client.call('archive_v1_finalizedHeight')).toBe(1);
    expect(await client.call('archive_v1_hashByHeight', [1])).toEqual([hash]);
    expect(await client.call('archive_v1_hashByHeight', [5])).toEqual([]);
  });

  it('gives headers, bodies and results of calls, and null for an unknown block', async () => {
    const { hash } = backend.add({ body: [bytes('0x0401')] });
    const header = await client.call<string>('archive_v1_header', [hash]);
    expect(toHex(blake2b256(bytes(header)))).toBe(hash);
    expect(await client.call('archive_v1_body', [hash])).toEqual(['0x0401']);
    expect(await client.call('archive_v1_call', [hash, 'Echo_echo', '0x07'])).toEqual({
      success: true,
      value: `${hash.slice(0, 4)}07`,
    });
    expect(await client.call('archive_v1_call', [hash, 'Nothing_here', '0x'])).toMatchObject({
      success: false,
    });
    expect(await client.call('archive_v1_header', [UNKNOWN])).toBeNull();
    expect(await client.call('archive_v1_body', [UNKNOWN])).toBeNull();
    expect(await client.call('archive_v1_call', [UNKNOWN, 'Echo_echo', '0x'])).toBeNull();
  });

  it('streams storage entry by entry, over many pages', async () => {
    const items = [
      { key: '0xaa', type: 'descendantsValues' },
      { key: '0xaa', type: 'descendantsHashes', paginationStartKey: '0xaa02' },
      { key: '0xaa01', type: 'value' },
    ];
    const id = await client.call<string>('archive_v1_storage', [genesis, items, null]);
    await client.event(id, 'storageDone');
    expect(client.notifications(id).map(({ result }) => result)).toEqual([
      { event: 'storage', key: '0xaa01', value: '0x01' },
      { event: 'storage', key: '0xaa02', value: '0x02' },
      { event: 'storage', key: '0xaa03', value: '0x03' },
      { event: 'storage', key: '0xaa03', hash: toHex(blake2b256(bytes('0x03'))) },
      { event: 'storage', key: '0xaa01', value: '0x01' },
      { event: 'storageDone' },
    ]);
    expect(client.notifications(id)[0]?.method).toBe('archive_v1_storageEvent');
  });

  it('tells a block without state by an event', async () => {
    const items = [{ key: '0xaa', type: 'value' }];
    const id = await client.call<string>('archive_v1_storage', [UNKNOWN, items, null]);
    expect(await client.results(id, 1)).toEqual([{ event: 'storageError', error: NOT_FOUND }]);
    expect(await client.call('archive_v1_stopStorage', [id])).toBe(false);
  });

  const manyEntries = (): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: 5000 }, (_, index) => [
        toHex(blake2b256(Uint8Array.of(index % 256, index >> 8))),
        '0x01',
      ]),
    );

  it('tells that a state was pruned while it was read, which is no fault', async () => {
    const { hash } = backend.add({ changes: manyEntries() });
    const items = [{ key: '0x', type: 'descendantsValues' }];
    const id = await client.call<string>('archive_v1_storage', [hash, items, null]);
    await client.results(id, 1);
    backend.pruned.add(hash);
    expect(await client.event(id, 'storageError')).toEqual({
      event: 'storageError',
      error: `UnknownBlock: State already discarded for ${hash}`,
    });
    expect(server.faults).toEqual([]);
  });

  it('stops a stream when it is asked to', async () => {
    const { hash } = backend.add({ changes: manyEntries() });
    const items = [{ key: '0x', type: 'descendantsValues' }];
    const id = await client.call<string>('archive_v1_storage', [hash, items, null]);
    await client.results(id, 1);
    await client.call('archive_v1_stopStorage', [id]);
    const told = client.notifications(id).length;
    await client.call('system_name');
    expect(client.notifications(id)).toHaveLength(told);
    expect(told).toBeLessThan(5000);
  });

  it('waits for a client that reads slowly instead of dropping it', async () => {
    const value = `0x${'ab'.repeat(20_000)}`;
    const many = Object.fromEntries(
      Array.from({ length: 400 }, (_, index) => [
        toHex(blake2b256(Uint8Array.of(index % 256, index >> 8))),
        value,
      ]),
    );
    const { hash } = backend.add({ changes: many });
    const slow = await serve(backend, { limits: { sendBufferBytes: 2 ** 20, pageBytes: 2 ** 16 } });
    const reader = await slow.connect();
    const items = [{ key: '0x', type: 'descendantsValues' }];
    const id = await reader.call<string>('archive_v1_storage', [hash, items, null]);
    reader.socket.pause();
    await client.call('system_name');
    reader.socket.resume();
    await reader.event(id, 'storageDone');
    expect(reader.notifications(id)).toHaveLength(404);
    await slow.stop();
  });

  it('waits for a client that asks for more than it reads in as many subscriptions as it may have', async () => {
    const { hash } = backend.add({ changes: { '0xaa': `0x${'ab'.repeat(40_000)}` } });
    const slow = await serve(backend, { limits: { sendBufferBytes: 2 ** 20, pageBytes: 2 ** 16 } });
    const reader = await slow.connect();
    const items = Array(4).fill({ key: '0xaa', type: 'value' });
    const params = [hash, items];
    for (let id = 0; id < STREAMS; id++)
      reader.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'archive_v1_storage', params }));
    reader.socket.pause();
    for (let round = 0; round < STREAMS; round++) await client.call('system_name');
    let done = 0;
    const all = new Promise<void>((resolve, reject) => {
      reader.socket.removeAllListeners('message').on('message', (data) => {
        if ((data as Buffer).includes('"storageDone"')) done += 1;
        if (done === STREAMS) resolve();
      });
      reader.socket.on('close', () => reject(new Error(`Dropped after ${done} of the streams`)));
    });
    reader.socket.resume();
    await all;
    expect(slow.faults).toEqual([]);
    await slow.stop();
  });

  it('does not ask over and over whether a client reads that has said goodbye', async () => {
    // Together more than the system takes for a client.
    const { hash } = backend.add({ changes: { '0xaa': `0x${'ab'.repeat(4_000_000)}` } });
    const slow = await serve(backend, { limits: { sendBufferBytes: 2 ** 26 } });
    const reader = await slow.connect();
    reader.socket.pause();
    const goodbye = vi.spyOn(WebSocket.prototype, 'close');
    const asked = vi.spyOn(WebSocket.prototype, 'ping');
    const ask = (method: string, params: unknown): void =>
      reader.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
    const sent = vi.spyOn(WebSocket.prototype, 'send');
    for (let count = 0; count < 4; count++) ask('state_getStorage', ['0xaa', hash]);
    // The questions, and the answers.
    await expect.poll(() => sent.mock.calls.length).toBe(8);
    ask('archive_v1_storage', [hash, [{ key: '0xaa', type: 'value' }]]);
    reader.socket.close();
    await expect.poll(() => goodbye.mock.contexts.some((each) => each !== reader.socket)).toBe(true);
    for (let round = 0; round < 64; round++) await client.call('system_name');
    expect(asked.mock.calls.length).toBeLessThan(8);
    vi.restoreAllMocks();
    await slow.stop();
  });

  describe('archive_v1_storageDiff', () => {
    const diffOf = async (...params: unknown[]): Promise<unknown[]> => {
      const id = await client.call<string>('archive_v1_storageDiff', params);
      await expect
        .poll(() => client.notifications<{ event: string }>(id).at(-1)?.result.event, { timeout: 30_000 })
        .toMatch(/^storageDiff(Done|Error)$/);
      expect(client.notifications(id)[0]?.method).toBe('archive_v1_storageDiffEvent');
      return client.notifications(id).map(({ result }) => result);
    };
    const DONE = { event: 'storageDiffDone' };
    const value = (key: string, type: string, entry: string): object => ({
      event: 'storageDiff',
      key,
      value: entry,
      type,
    });

    it('tells what a block added, modified and deleted, the last with what it was', async () => {
      const { hash } = backend.add({
        changes: { '0xaa02': '0x07', '0xaa01': null, '0xbb': '0x08', '0xaa03': '0x03' },
      });
      expect(await diffOf(hash)).toEqual([
        value('0xaa01', 'deleted', '0x01'),
        value('0xaa02', 'modified', '0x07'),
        value('0xbb', 'added', '0x08'),
        DONE,
      ]);
    });

    it('tells values or hashes below the prefixes that it was asked for, each key once', async () => {
      const { hash } = backend.add({ changes: { '0xaa01': '0x0a', '0xbb': '0x0b', '0xcc': '0x0c' } });
      const items = [
        { key: '0xaa', returnType: 'value' },
        { key: '0xaa01', returnType: 'hash' },
        { key: '0xbb', returnType: 'hash' },
        { returnType: 'value', childTrieKey: '0x01' },
      ];
      const hashed = (entry: string): string => toHex(blake2b256(bytes(entry)));
      expect(await diffOf(hash, items)).toEqual([
        { ...value('0xaa01', 'modified', '0x0a'), hash: hashed('0x0a') },
        { event: 'storageDiff', key: '0xbb', hash: hashed('0x0b'), type: 'added' },
        DONE,
      ]);
    });

    it('compares with an ancestor: what came back to what it was is no difference', async () => {
      backend.add({ changes: { '0xaa01': '0x05', '0xbb': '0x06' } });
      const { hash } = backend.add({ changes: { '0xaa01': '0x01', '0xbb': '0x07' } });
      expect(await diffOf(hash, null, genesis)).toEqual([value('0xbb', 'added', '0x07'), DONE]);
      expect(await diffOf(hash, null, hash)).toEqual([DONE]);
    });

    it('says by an event why there is none', async () => {
      const { hash } = backend.add();
      const error = (text: string): object[] => [{ event: 'storageDiffError', error: text }];
      expect(await diffOf(UNKNOWN)).toEqual(error('Block header is not present: 0x1212…1212'));
      expect(await diffOf(hash, null, UNKNOWN)).toEqual(error(NOT_FOUND));
      expect(await diffOf(genesis)).toEqual(error('The first block has no parent to be compared with'));
      const { hash: later } = backend.add();
      expect(await diffOf(hash, null, later)).toEqual(error('The previous block is not an ancestor'));
      for (let more = 0; more < 256; more++) backend.add();
      expect(await diffOf(backend.best().hash, null, hash)).toEqual(
        error('Up to 256 blocks may lie between the two'),
      );
    });

    it('wants a type of answer for each item', async () => {
      expect(await client.fails('archive_v1_storageDiff', [genesis, [{ key: '0xaa' }]])).toMatchObject({
        code: -32602,
      });
      expect(await client.call('archive_v1_stopStorageDiff', ['x'])).toBe(false);
    });
  });
});
