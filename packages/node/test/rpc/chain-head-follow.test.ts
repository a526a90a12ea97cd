import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS, newBlock } from './support/chain-head.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

describe('chainHead_v1_* following a chain', () => {
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

  describe('follow', () => {
    it('tells up to 16 finalized blocks, oldest first, then the branch to the best block', async () => {
      for (let index = 0; index < 20; index += 1) backend.add();
      const one = backend.add({ finalize: false });
      const two = backend.add({ finalize: false });
      const id = await follow();
      const [initialized, ...rest] = await client.results<{ finalizedBlockHashes: string[] }>(id, 4);
      expect(initialized?.finalizedBlockHashes).toHaveLength(16);
      expect(initialized?.finalizedBlockHashes.at(-1)).toBe(backend.finalized().hash);
      expect(initialized?.finalizedBlockHashes[0]).toBe(backend.hashAt(5));
      expect(rest).toEqual([
        newBlock(one.hash, backend.finalized().hash),
        newBlock(two.hash, one.hash),
        { event: 'bestBlockChanged', bestBlockHash: two.hash },
      ]);
    });

    it('tells each block as new, best and finalized', async () => {
      const id = await follow();
      const { hash } = backend.add();
      expect((await client.results(id, 5)).slice(1)).toEqual([
        { event: 'bestBlockChanged', bestBlockHash: genesis },
        newBlock(hash, genesis),
        { event: 'bestBlockChanged', bestBlockHash: hash },
        { event: 'finalized', finalizedBlockHashes: [hash], prunedBlockHashes: [] },
      ]);
    });

    it('leaves a client time to look at a block before it tells that this is final', async () => {
      const delayed = await serve(backend, { limits: { ...LIMITS, finalityDelayMs: 100 } });
      const follower = await delayed.connect();
      const id = await follower.call<string>('chainHead_v1_follow', [true]);
      await follower.results(id, 2);
      const [one, two] = [backend.add(), backend.add()];
      expect((await follower.results(id, 8)).slice(2)).toEqual([
        newBlock(one.hash, genesis),
        { event: 'bestBlockChanged', bestBlockHash: one.hash },
        newBlock(two.hash, one.hash),
        { event: 'bestBlockChanged', bestBlockHash: two.hash },
        { event: 'finalized', finalizedBlockHashes: [one.hash], prunedBlockHashes: [] },
        { event: 'finalized', finalizedBlockHashes: [two.hash], prunedBlockHashes: [] },
      ]);
      await delayed.stop();
    });

    it('does not wait with finality while many blocks come', async () => {
      const delayed = await serve(backend, { limits: { finalityDelayMs: 60_000 } });
      const follower = await delayed.connect();
      const id = await follower.call<string>('chainHead_v1_follow', [true]);
      const hashes = Array.from({ length: 18 }, () => backend.add().hash);
      expect(await follower.event(id, 'finalized', 1)).toMatchObject({ finalizedBlockHashes: [hashes[1]] });
      expect(await follower.event(id, 'finalized')).toMatchObject({ finalizedBlockHashes: [hashes[0]] });
      await delayed.stop();
    });

    it('leaves the runtime out when the client does not want it', async () => {
      const id = await follow(false);
      const { hash } = backend.add();
      const events = await client.results(id, 3);
      expect(events[0]).toEqual({ event: 'initialized', finalizedBlockHashes: [genesis] });
      expect(events[2]).toEqual({ event: 'newBlock', blockHash: hash, parentBlockHash: genesis });
    });

    it('tells the blocks that finality leaves behind as pruned', async () => {
      const id = await follow();
      const one = backend.add({ finalize: false });
      const side = backend.add({ parent: backend.genesisHash, isBest: false, finalize: false });
      const child = backend.add({ parent: side.hash, isBest: false, finalize: false });
      const two = backend.add({ parent: one.hash });
      expect(await client.event(id, 'finalized')).toEqual({
        event: 'finalized',
        finalizedBlockHashes: [one.hash, two.hash],
        prunedBlockHashes: [side.hash, child.hash],
      });
    });

    it('stops when more blocks are pinned than the bound', async () => {
      const id = await follow();
      for (let index = 0; index < 20; index += 1) backend.add();
      expect(await client.event(id, 'stop')).toEqual({ event: 'stop' });
      expect(client.notifications(id).at(-1)?.result).toEqual({ event: 'stop' });
      expect(await client.call('chainHead_v1_header', [id, genesis])).toBeNull();
      expect(await client.call('chainHead_v1_unfollow', [id])).toBe(false);
      expect(server.server.subscriptions()).toBe(0);
    });

    it('stops when the state of a block that is still pinned has been pruned', async () => {
      const id = await follow();
      const { hash } = backend.add();
      await client.call('chainHead_v1_unpin', [id, genesis]);
      backend.pruned.add(backend.genesisHash);
      backend.add();
      backend.pruned.add(hash);
      const last = backend.add();
      expect(await client.event(id, 'stop')).toEqual({ event: 'stop' });
      expect(client.notifications(id).map(({ result }) => result)).not.toContainEqual(
        expect.objectContaining({ blockHash: last.hash }),
      );
    });

    it('begins with blocks whose state is kept', async () => {
      for (let index = 0; index < 5; index += 1) backend.add();
      for (const number of [0, 1, 2]) backend.pruned.add(backend.hashAt(number) ?? backend.genesisHash);
      const id = await follow();
      expect(await client.event(id, 'initialized')).toMatchObject({
        finalizedBlockHashes: [3, 4, 5].map((number) => backend.hashAt(number)),
      });
    });

    it('goes on when finality stands still, up to a bound of its own', async () => {
      const id = await follow();
      for (let index = 0; index < 40; index += 1) backend.add({ finalize: false });
      const late = await follow();
      const hashes = client.notifications<{ event: string }>(id).map(({ result }) => result.event);
      expect(hashes.filter((event) => event === 'newBlock')).toHaveLength(40);
      expect(hashes).not.toContain('stop');
      backend.add({ finalize: false });
      for (const each of [id, late]) expect(await client.event(each, 'stop')).toEqual({ event: 'stop' });
      const later = await follow();
      expect(await client.event(later, 'stop')).toEqual({ event: 'stop' });
    });

    it('says with which block other rules come into force', async () => {
      const old = backend.add();
      for (const hash of [backend.genesisHash, old.hash]) backend.olderRules.set(hash, 0);
      const two = backend.add({ finalize: false });
      const id = await follow();
      backend.add({ finalize: false });
      const events = await client.results<Record<string, unknown>>(id, 5);
      expect(events[0]).toMatchObject({ finalizedBlockRuntime: { spec: { specVersion: 0 } } });
      const runtimes = events.filter(({ event }) => event === 'newBlock').map(({ newRuntime }) => newRuntime);
      expect(events[1]).toMatchObject({ blockHash: two.hash });
      expect(runtimes).toMatchObject([{ type: 'valid', spec: { specVersion: 1 } }, null]);
    });

    it('goes on as long as the client unpins', async () => {
      const id = await follow();
      for (let index = 0; index < 40; index += 1) {
        const { hash } = backend.add();
        await client.call('chainHead_v1_unpin', [id, hash]);
      }
      expect(client.notifications<{ event: string }>(id).some(({ result }) => result.event === 'stop')).toBe(
        false,
      );
    });

    it('refuses follows above the bound with -32800, and takes one again after an unfollow', async () => {
      const id = await follow();
      await follow();
      expect(await client.fails('chainHead_v1_follow', [true])).toMatchObject({ code: -32800 });
      expect(await client.call('chainHead_v1_unfollow', [id])).toBe(true);
      await follow();
    });

    it('tells nothing after an unfollow', async () => {
      const id = await follow();
      await client.results(id, 2);
      await client.call('chainHead_v1_unfollow', [id]);
      backend.add();
      await client.call('system_name');
      expect(client.notifications(id)).toHaveLength(2);
    });
  });
});
