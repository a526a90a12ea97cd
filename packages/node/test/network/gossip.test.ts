import { describe, expect, it } from 'vitest';
import { decodeFinalityMessage } from '../../src/network/messages/finality.ts';
import { Frames } from '../../src/network/wire/frames.ts';
import { fakeChain } from './support/fake-chain.ts';
import { join, until } from './support/networks.ts';
import { claim, introduce, protocolOf, stranger } from './support/stranger.ts';

const EXTRINSIC = Uint8Array.of(12, 1, 2, 3);
/** Those of a full block. */
const MANY = 8_333;

const numbered = (number: number): Uint8Array => Uint8Array.of(8, number >> 8, number & 0xff);

describe('gossip', () => {
  it('carries a transaction from one node through a second to a third, once', async () => {
    const [first, second, third] = [fakeChain(), fakeChain(), fakeChain()];
    const hub = await join(second, { role: 'authority' });
    await join(first, { bootnodes: [hub.address] });
    await join(third, { bootnodes: [hub.address] });
    await until(() => hub.peers().length === 2);
    await first.submit(EXTRINSIC);
    await until(() => third.pool.length > 0);
    await first.submit(Uint8Array.of(4, 9));
    await until(() => third.pool.length > 1);
    for (const { pool } of [first, second, third]) expect(pool).toEqual([EXTRINSIC, Uint8Array.of(4, 9)]);
  });

  it('carries as many transactions as a block can hold', async () => {
    const [author, other] = [fakeChain(), fakeChain()];
    const hub = await join(author, { role: 'authority' });
    await join(other, { bootnodes: [hub.address] });
    await other.submit(EXTRINSIC);
    await until(() => author.pool.length === 1);
    for (let number = 0; number < MANY; number++) await other.submit(numbered(number));
    await until(() => author.pool.length === 1 + MANY || hub.peers().length === 0);
    expect([author.pool.length, hub.peers().length]).toEqual([1 + MANY, 1]);
  });

  it('tells a new peer of a pool that holds as many transactions as a block can', async () => {
    const [author, other] = [fakeChain(), fakeChain()];
    for (let number = 0; number < MANY; number++) await other.submit(numbered(number));
    const hub = await join(author, { role: 'authority' });
    await join(other, { bootnodes: [hub.address] });
    await until(() => author.pool.length === MANY || hub.lines.some(({ level }) => level === 'warn'));
    expect([author.pool.length, hub.peers().length]).toEqual([MANY, 1]);
  });

  it('tells a new peer what waits in the pool', async () => {
    const [author, other] = [fakeChain(), fakeChain()];
    await other.submit(EXTRINSIC);
    const hub = await join(author, { role: 'authority' });
    await join(other, { bootnodes: [hub.address] });
    await until(() => author.pool.length === 1);
    expect(author.pool).toEqual([EXTRINSIC]);
  });

  it('tells peers which block is final: how far it is, and the votes', async () => {
    const chain = fakeChain();
    chain.grow(5);
    const node = await join(chain, { role: 'authority' });
    const { libp2p, dial } = await stranger();
    const heard: unknown[] = [];
    await libp2p.handle(protocolOf(chain.genesisHash, 'grandpa/1'), async (stream) => {
      const frames = new Frames(stream, 1 << 20);
      await frames.next(AbortSignal.timeout(10_000));
      frames.send(Uint8Array.of(1));
      for (;;) {
        const message = await frames.next(AbortSignal.timeout(10_000));
        if (!message) return;
        heard.push(decodeFinalityMessage(message));
      }
    });
    const connection = await dial(node.address);
    await introduce(connection, { genesisHash: chain.genesisHash });
    const stream = await connection.newStream(protocolOf(chain.genesisHash, 'grandpa/1'));
    new Frames(stream, 64).send(Uint8Array.of(1));
    await until(() => heard.length === 2);
    chain.grow(1);
    await until(() => heard.length === 4);
    const commit = { type: 'commit', target: chain.best().hash, targetNumber: 6 };
    const neighbor = { type: 'neighbor', neighbor: { round: 6n, setId: 0n, finalizedNumber: 6 } };
    expect(heard.slice(2)).toMatchObject([neighbor, commit]);
  });

  it('is not kept for a peer that never reads', async () => {
    const chain = fakeChain();
    const node = await join(chain, { role: 'authority', limits: { unreadGossip: 16 * 1024 } });
    const { libp2p, dial } = await stranger();
    const streams: { readonly status: string }[] = [];
    await libp2p.handle(protocolOf(chain.genesisHash, 'block-announces/1'), async (stream) => {
      const frames = new Frames(stream, 1024);
      await frames.next(AbortSignal.timeout(10_000));
      frames.send(claim({ genesisHash: chain.genesisHash }));
      stream.pause();
      streams.push(stream);
    });
    await introduce(await dial(node.address), { genesisHash: chain.genesisHash });
    await until(() => streams.length === 1);
    // More than a stream's first window takes.
    while (streams.every(({ status }) => status === 'open')) {
      chain.grow(200);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(streams.map(({ status }) => status)).not.toContain('open');
  });
});
