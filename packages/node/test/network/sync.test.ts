import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { Frames } from '../../src/network/wire/frames.ts';
import { fakeChain, type FakeChain } from './support/fake-chain.ts';
import { join, until } from './support/networks.ts';
import { claim, introduce, protocolOf, stranger } from './support/stranger.ts';

/** A peer with all blocks of the chain and a thin line: each answer takes so long. */
async function slowPeer(chain: FakeChain, ms: number): Promise<string> {
  const { libp2p, address } = await stranger();
  const { genesisHash } = chain;
  const what = { genesisHash, number: chain.best().number };
  await libp2p.handle(protocolOf(genesisHash, 'block-announces/1'), async (stream, connection) => {
    const frames = new Frames(stream, 1024);
    await frames.next(AbortSignal.timeout(10_000));
    frames.send(claim(what));
    await introduce(connection, what);
  });
  await libp2p.handle(protocolOf(genesisHash, 'sync/2'), async (stream) => {
    const frames = new Frames(stream, 1024);
    const request = await frames.next(AbortSignal.timeout(10_000));
    await setTimeout(ms);
    frames.send(answerBlocks(chain, request ?? new Uint8Array()));
    await stream.close();
  });
  return address;
}

describe('a full node', () => {
  it('catches up with its bootnode, then follows it', async () => {
    const source = fakeChain();
    source.grow(300);
    const author = await join(source, { role: 'authority' });
    const copy = fakeChain();
    const full = await join(copy, { bootnodes: [author.address] });
    await until(() => copy.best().number === 300);
    source.grow(3);
    await until(() => copy.best().number === 303);
    expect(copy.best()).toEqual(source.best());
    expect(full.peers()).toMatchObject([{ peerId: author.peerId, role: 'authority' }]);
    expect(author.peers()).toMatchObject([{ peerId: full.peerId, role: 'full' }]);
    expect(full.isSyncing()).toBe(false);
  });

  it('goes on with a slow peer when nobody else has the blocks', async () => {
    const source = fakeChain();
    source.grow(600);
    const copy = fakeChain();
    const limits = { patienceMs: 2_000 };
    await join(copy, { bootnodes: [await slowPeer(source, 600)], limits });
    await until(() => copy.best().number === 600);
  });
});
