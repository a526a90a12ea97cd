import { blake2b256, toHex } from '@hamster/crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS, request, UNKNOWN } from './support/chain-head.ts';
import type { TestClient } from './support/client.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

interface Started {
  readonly result: string;
  readonly operationId: string;
  readonly discardedItems?: number;
}

describe('chainHead_v1_* on a pinned block', () => {
  let backend: FakeBackend;
  let server: TestServer;
  let client: TestClient;
  let genesis: string;
  beforeEach(async () => {
    backend = new FakeBackend({ '0xaa01': '0x01', '0xaa02': '0x02', '0xaa03': '0x03', '0xbb': '0x04' });
    genesis = backend.genesisHash;
    server = await serve(backend, { limits: LIMITS });
    client = await server.connect();
  });
  afterEach(() => server.stop());

  const follow = (withRuntime = true): Promise<string> =>
    client.call<string>('chainHead_v1_follow', [withRuntime]);

  const storage = (id: string, items: object[], block = genesis): Promise<Started> =>
    client.call<Started>('chainHead_v1_storage', [id, block, items, null]);

  describe('header and unpin', () => {
    it('gives the encoded header of a pinned block, and null for a follow that is over', async () => {
      const id = await follow();
      const header = await client.call<string>('chainHead_v1_header', [id, genesis]);
      expect(toHex(blake2b256(bytes(header)))).toBe(genesis);
      expect(await client.call('chainHead_v1_header', ['gone', genesis])).toBeNull();
    });

    it('says -32801 of a block that was never told', async () => {
      const id = await follow();
      const error = { code: -32801 };
      expect(await client.fails('chainHead_v1_header', [id, UNKNOWN])).toMatchObject(error);
      expect(await client.fails('chainHead_v1_body', [id, UNKNOWN])).toMatchObject(error);
      expect(await client.fails('chainHead_v1_call', [id, UNKNOWN, 'Echo_echo', '0x'])).toMatchObject(error);
      expect(await client.fails('chainHead_v1_storage', [id, UNKNOWN, [], null])).toMatchObject(error);
      expect(await client.fails('chainHead_v1_unpin', [id, UNKNOWN])).toMatchObject(error);
    });

    it('unpins one or many, and none when one is wrong or given twice', async () => {
      const id = await follow();
      const { hash } = backend.add();
      expect(await client.fails('chainHead_v1_unpin', [id, [hash, UNKNOWN]])).toMatchObject({ code: -32801 });
      expect(await client.fails('chainHead_v1_unpin', [id, [hash, hash]])).toMatchObject({ code: -32804 });
      expect(await client.call('chainHead_v1_header', [id, hash])).toEqual(expect.any(String));
      expect(await client.call('chainHead_v1_unpin', [id, [hash, genesis]])).toBeNull();
      expect(await client.fails('chainHead_v1_header', [id, hash])).toMatchObject({ code: -32801 });
      expect(await client.call('chainHead_v1_unpin', ['gone', UNKNOWN])).toBeNull();
    });

    it('pins for each follow alone', async () => {
      const [one, two] = [await follow(), await follow()];
      await client.call('chainHead_v1_unpin', [one, genesis]);
      expect(await client.call('chainHead_v1_header', [two, genesis])).toEqual(expect.any(String));
    });
  });

  describe('body and call', () => {
    it('answers the body by an event', async () => {
      const id = await follow();
      const { hash } = backend.add({ body: [bytes('0x0401')] });
      const { result, operationId } = await client.call<Started>('chainHead_v1_body', [id, hash]);
      expect(result).toBe('started');
      expect(await client.event(id, 'operationBodyDone')).toEqual({
        event: 'operationBodyDone',
        operationId,
        value: ['0x0401'],
      });
    });

    it('answers the output of a call, and an error where the runtime has none', async () => {
      const id = await follow();
      const done = await client.call<Started>('chainHead_v1_call', [id, genesis, 'Echo_echo', '0x05']);
      expect(await client.event(id, 'operationCallDone')).toEqual({
        event: 'operationCallDone',
        operationId: done.operationId,
        output: `${genesis.slice(0, 4)}05`,
      });
      const failed = await client.call<Started>('chainHead_v1_call', [id, genesis, 'Nothing_here', '0x']);
      expect(await client.event(id, 'operationError')).toEqual({
        event: 'operationError',
        operationId: failed.operationId,
        error: 'Execution failed: Other: Exported method Nothing_here is not found',
      });
    });

    it('says -32802 to a call on a follow without runtime', async () => {
      const id = await follow(false);
      expect(await client.fails('chainHead_v1_call', [id, genesis, 'Echo_echo', '0x'])).toEqual({
        code: -32802,
        message: 'The `chainHead_follow` subscription was started with `withRuntime` set to `false`',
      });
    });

    it('says limitReached for a follow that is over', async () => {
      const limit = { result: 'limitReached' };
      expect(await client.call('chainHead_v1_body', ['gone', genesis])).toEqual(limit);
      expect(await client.call('chainHead_v1_call', ['gone', genesis, 'Echo_echo', '0x'])).toEqual(limit);
      expect(await storage('gone', [])).toEqual(limit);
    });

    it('tells a pruned state as inaccessible', async () => {
      const id = await follow();
      backend.add();
      await client.event(id, 'newBlock');
      backend.pruned.add(backend.genesisHash);
      await client.call('chainHead_v1_call', [id, genesis, 'Echo_echo', '0x']);
      await client.event(id, 'operationInaccessible');
      await storage(id, [{ key: '0xaa01', type: 'value' }]);
      await client.event(id, 'operationInaccessible', 1);
    });
  });

  describe('storage', () => {
    it('gives values, hashes and Merkle values, and nothing for absent keys', async () => {
      const id = await follow();
      const { operationId, discardedItems } = await storage(id, [
        { key: '0xaa01', type: 'value' },
        { key: '0xaa02', type: 'hash' },
        { key: '0xbb', type: 'closestDescendantMerkleValue' },
        { key: '0xff', type: 'value' },
      ]);
      expect(discardedItems).toBe(0);
      await client.event(id, 'operationStorageDone');
      expect(await client.event(id, 'operationStorageItems')).toEqual({
        event: 'operationStorageItems',
        operationId,
        items: [
          { key: '0xaa01', value: '0x01' },
          { key: '0xaa02', hash: toHex(blake2b256(bytes('0x02'))) },
          { key: '0xbb', closestDescendantMerkleValue: toHex(blake2b256(bytes('0xbb'))) },
        ],
      });
    });

    it('sends large values as they are read: a thousand of them are more than the memory of the node', async () => {
      const { hash } = backend.add({ changes: { '0xcc': `0x${'07'.repeat(300_000)}` } });
      const id = await follow();
      const item = { key: '0xcc', type: 'value' };
      await storage(id, [item, item, item, { key: '0xbb', type: 'value' }], hash);
      await client.event(id, 'operationStorageDone');
      const sent = client
        .notifications<{ readonly event: string; readonly items?: unknown[] }>(id)
        .map(({ result }) => result)
        .filter(({ event }) => event === 'operationStorageItems');
      expect(sent.map(({ items }) => items?.length)).toEqual([1, 1, 1, 1]);
    });

    it('gives no items event at all when nothing is there', async () => {
      const id = await follow();
      await storage(id, [{ key: '0xff', type: 'descendantsValues' }]);
      await client.event(id, 'operationStorageDone');
      expect(eventNames(id)).not.toContain('operationStorageItems');
    });

    it('pages descendants and waits for continue after each full page', async () => {
      const id = await follow();
      const { operationId } = await storage(id, [
        { key: '0xaa', type: 'descendantsValues' },
        { key: '0xbb', type: 'descendantsHashes' },
      ]);
      await client.event(id, 'operationWaitingForContinue');
      expect(await client.event(id, 'operationStorageItems')).toMatchObject({
        items: [
          { key: '0xaa01', value: '0x01' },
          { key: '0xaa02', value: '0x02' },
        ],
      });
      await client.call('chainHead_v1_continue', [id, operationId]);
      await client.event(id, 'operationWaitingForContinue', 1);
      await client.call('chainHead_v1_continue', [id, operationId]);
      await client.event(id, 'operationStorageDone');
      expect(await client.event(id, 'operationStorageItems', 1)).toMatchObject({
        items: [
          { key: '0xaa03', value: '0x03' },
          { key: '0xbb', hash: toHex(blake2b256(bytes('0x04'))) },
        ],
      });
      expect(await client.call('chainHead_v1_continue', [id, operationId])).toBeNull();
    });

    it('does nothing at a continue of an operation that is over', async () => {
      const id = await follow();
      const batch = [
        request(1, 'chainHead_v1_storage', [id, genesis, [{ key: '0xbb', type: 'value' }], null]),
        request(2, 'system_name', []),
      ];
      const [started] = (await client.raw(JSON.stringify(batch))) as { result: Started }[];
      const { operationId } = started?.result ?? { operationId: '' };
      await client.event(id, 'operationStorageDone');
      expect(await client.call('chainHead_v1_continue', [id, operationId])).toBeNull();
    });

    it('stops an operation in between, and frees its slots', async () => {
      const id = await follow();
      const { operationId } = await storage(id, [{ key: '0xaa', type: 'descendantsValues' }]);
      await client.event(id, 'operationWaitingForContinue');
      expect(await client.call('chainHead_v1_stopOperation', [id, operationId])).toBeNull();
      expect(await client.call('chainHead_v1_continue', [id, operationId])).toBeNull();
      expect(await client.call('chainHead_v1_stopOperation', [id, 'unknown'])).toBeNull();
      expect(await client.call('chainHead_v1_stopOperation', ['gone', 'unknown'])).toBeNull();
      const all = Array.from({ length: 16 }, () => ({ key: '0xbb', type: 'value' }));
      expect(await storage(id, all)).toMatchObject({ discardedItems: 0 });
      expect(eventNames(id)).not.toContain('operationInaccessible');
    });

    it('tells as inaccessible what is pruned between two pages, which is no fault', async () => {
      const id = await follow();
      const { operationId } = await storage(id, [{ key: '0xaa', type: 'descendantsValues' }]);
      await client.event(id, 'operationWaitingForContinue');
      await client.call('chainHead_v1_unpin', [id, genesis]);
      backend.pruned.add(backend.genesisHash);
      await client.call('chainHead_v1_continue', [id, operationId]);
      expect(await client.event(id, 'operationInaccessible')).toMatchObject({ operationId });
      expect(server.faults).toEqual([]);
    });

    it('goes on with an operation after its block was unpinned', async () => {
      const id = await follow();
      const { operationId } = await storage(id, [{ key: '0xaa', type: 'descendantsValues' }]);
      await client.event(id, 'operationWaitingForContinue');
      await client.call('chainHead_v1_unpin', [id, genesis]);
      await client.call('chainHead_v1_continue', [id, operationId]);
      await client.event(id, 'operationStorageDone');
    });

    it('takes 16 operations at once, discards no item, then says limitReached', async () => {
      const id = await follow();
      const paged = Array.from({ length: 15 }, () => ({ key: '0xaa', type: 'descendantsValues' }));
      const { operationId } = await storage(id, paged);
      const two = [
        { key: '0xaa', type: 'descendantsValues' },
        { key: '0xbb', type: 'value' },
      ];
      const { operationId: last, ...started } = await storage(id, two);
      expect(started).toEqual({ result: 'started', discardedItems: 0 });
      expect(await storage(id, two)).toEqual({ result: 'limitReached' });
      expect(await client.call('chainHead_v1_body', [id, genesis])).toEqual({ result: 'limitReached' });
      await client.call('chainHead_v1_stopOperation', [id, operationId]);
      expect(await client.call('chainHead_v1_body', [id, genesis])).toMatchObject({ result: 'started' });
      await client.event(id, 'operationWaitingForContinue', 1);
      await client.call('chainHead_v1_continue', [id, last]);
      await client.event(id, 'operationStorageDone');
      const items = client
        .notifications<{ operationId: string; items?: { key: string }[] }>(id)
        .filter(({ result }) => result.operationId === last)
        .flatMap(({ result }) => result.items ?? []);
      expect(items.map(({ key }) => key)).toEqual(['0xbb', '0xaa01', '0xaa02', '0xaa03']);
    });

    it('has no room for a request of no items, as Substrate', async () => {
      const id = await follow();
      expect(await storage(id, [])).toEqual({ result: 'limitReached' });
    });

    it('finds nothing in a child trie', async () => {
      const id = await follow();
      const items = [{ key: '0xbb', type: 'value' }];
      const started = await client.call('chainHead_v1_storage', [id, genesis, items, '0x01']);
      expect(started).toMatchObject({ result: 'started', discardedItems: 0 });
      await client.event(id, 'operationStorageDone');
      expect(eventNames(id)).not.toContain('operationStorageItems');
    });

    it('looks at the keys only when the follow is there', async () => {
      const items = [{ key: 'zz', type: 'value' }];
      expect(await storage('gone', items)).toEqual({ result: 'limitReached' });
    });

    it('refuses a type that does not exist', async () => {
      const id = await follow();
      const items = [{ key: '0xaa', type: 'values' }];
      expect(await client.fails('chainHead_v1_storage', [id, genesis, items, null])).toMatchObject({
        code: -32602,
      });
    });
  });

  const eventNames = (id: string): string[] =>
    client.notifications<{ event: string }>(id).map(({ result }) => result.event);
});
