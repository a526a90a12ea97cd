import { once } from 'node:events';
import { connect } from 'node:net';
import type { Connection, Stream } from '@libp2p/interface';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { hashBytes } from '../../src/hash.ts';
import type { Hash } from '../../src/header.ts';
import { encodeAnnouncement } from '../../src/network/messages/announcements.ts';
import { encodeBlockRequest } from '../../src/network/messages/blocks.ts';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { Frames } from '../../src/network/wire/frames.ts';
import { MessageWriter } from '../../src/network/wire/protobuf.ts';
import { ask } from '../../src/network/wire/requests.ts';
import { fakeChain, type FakeChain } from './support/fake-chain.ts';
import { join, until, type Joined } from './support/networks.ts';
import { claim, gone, introduce, protocolOf, stranger } from './support/stranger.ts';

const PROTOCOLS = ['block-announces/1', 'transactions/1', 'grandpa/1', 'sync/2', 'sync/warp', 'light/2'];

/** Longer than a test may take: not what ends a stream. */
const FOREVER_MS = 3_600_000;

interface Scene {
  readonly chain: FakeChain;
  readonly node: Joined;
}

async function scene(limits = {}): Promise<Scene> {
  const chain = fakeChain();
  chain.grow(10);
  return {
    chain,
    node: await join(chain, { role: 'authority', limits: { connectionsPerSecondPerHost: 1000, ...limits } }),
  };
}

const firstBlocks = encodeBlockRequest({
  want: { header: true, body: true, justification: false },
  from: { number: 1 },
  direction: 'ascending',
  maxBlocks: 128,
  severalJustifications: true,
});

/** A request for the proof of a call. */
const callRequest = (hash: Hash): Uint8Array =>
  new MessageWriter()
    .bytes(1, new MessageWriter().bytes(2, hashBytes(hash)).bytes(3, Buffer.from('Some_call')).finish())
    .finish();

/** The proof that the node is well: somebody new catches up with it. */
async function expectServing({ chain, node }: Scene): Promise<void> {
  const copy = fakeChain();
  const newcomer = await join(copy, { bootnodes: [node.address] });
  await until(() => copy.best().number === chain.best().number);
  await newcomer.close();
}

async function speak(connection: Connection, protocol: string, message: Uint8Array): Promise<void> {
  const stream = await connection.newStream(protocol);
  stream.send(message);
  await stream.close();
  await new Promise<void>((resolve) => {
    if (stream.status !== 'open') return resolve();
    stream.addEventListener('close', () => resolve());
    stream.addEventListener('message', () => stream.abort(new RangeError('Heard enough')));
  });
}

describe('a hostile peer', () => {
  it('hangs up on who sends no frame to its port for WebSockets', async () => {
    const here = await scene();
    const [, port = ''] = /tcp\/(\d+)\/ws/.exec(here.node.addresses().join()) ?? [];
    const socket = connect(Number(port), '127.0.0.1');
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: () => socket });
    await once(client, 'open');
    socket.write(Uint8Array.of(0x83, 0x80, 0, 0, 0, 0));
    await once(client, 'close');
    await expectServing(here);
  });

  it('of another chain is turned away, and not let in again', async () => {
    const { chain, node } = await scene();
    const { dial } = await stranger();
    const connection = await dial(node.address);
    const stream = await connection.newStream(protocolOf(chain.genesisHash, 'block-announces/1'));
    const other = fakeChain('other').genesisHash;
    new Frames(stream, 1024).send(claim({ genesisHash: other }));
    await gone(connection);
    // The other side of a connection learns only afterwards that nobody wants it.
    const again = await dial(node.address).catch(() => undefined);
    if (again) await gone(again);
    expect(node.peers()).toEqual([]);
  });

  it('that talks nonsense loses its connection at most', async () => {
    const place = await scene({ banMs: 1 });
    const { dial } = await stranger();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...PROTOCOLS),
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        async (name, message) => {
          const connection = await dial(place.node.address).catch(() => undefined);
          if (!connection) return;
          await speak(connection, protocolOf(place.chain.genesisHash, name), message).catch(() => undefined);
        },
      ),
      { numRuns: 150 },
    );
    await expectServing(place);
  }, 120_000);

  it.each(PROTOCOLS)('that announces an endless message on %s is banned', async (name) => {
    const place = await scene();
    const { dial, peerId } = await stranger();
    const connection = await dial(place.node.address);
    const stream = await connection.newStream(protocolOf(place.chain.genesisHash, name));
    stream.send(Uint8Array.of(0xff, 0xff, 0xff, 0x7f, 1, 2, 3));
    await gone(connection);
    expect(place.node.peers().map((peer) => peer.peerId)).not.toContain(peerId);
    await expectServing(place);
  });

  it('that opens streams and says nothing costs nothing for long', async () => {
    const place = await scene({ patienceMs: 1_500 });
    const { dial } = await stranger();
    const connection = await dial(place.node.address);
    const opened = await Promise.allSettled(
      PROTOCOLS.flatMap((name) =>
        Array.from({ length: 30 }, () => connection.newStream(protocolOf(place.chain.genesisHash, name))),
      ),
    );
    const streams = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await until(() => streams.every(({ status }) => status !== 'open'));
    await expectServing(place);
  });

  it('that has gone when it is heard takes nobody’s place', async () => {
    const place = await scene({ peers: 4 });
    const { genesisHash } = place.chain;
    for (let come = 0; come < 40; come += 1) {
      const { dial } = await stranger();
      const connection = await dial(place.node.address);
      const stream = await connection.newStream(protocolOf(genesisHash, 'block-announces/1'));
      new Frames(stream, 1024).send(claim({ genesisHash }));
      void connection.close();
    }
    await expectServing(place);
    await until(() => place.node.peers().length === 0);
  });

  it('that floods with requests is banned in the end', async () => {
    const place = await scene({ requestsPerSecond: 10 });
    const { dial } = await stranger();
    const connection = await dial(place.node.address);
    const request = {
      protocol: protocolOf(place.chain.genesisHash, 'sync/2'),
      body: firstBlocks,
      maxResponseBytes: 1 << 20,
      signal: AbortSignal.timeout(20_000),
    };
    while (connection.status === 'open') {
      await Promise.allSettled(Array.from({ length: 8 }, () => ask(connection, request)));
    }
    await expectServing(place);
  });

  it('that floods with gossip is banned', async () => {
    const place = await scene({ messagesPerSecond: 10 });
    const { dial } = await stranger();
    const connection = await dial(place.node.address);
    const { chain } = place;
    const stream = await introduce(connection, { genesisHash: chain.genesisHash });
    const header = chain.encodedHeader(chain.best().hash) ?? new Uint8Array();
    const frames = new Frames(stream, 1024);
    for (let sent = 0; sent < 100; sent++) frames.send(encodeAnnouncement(header, true));
    await gone(connection);
    await expectServing(place);
  });

  it('that asks and never reads the answer is not waited for', async () => {
    const place = await scene({ patienceMs: 1_500 });
    const { dial } = await stranger();
    const connection = await dial(place.node.address);
    const stream = await connection.newStream(protocolOf(place.chain.genesisHash, 'sync/2'));
    new Frames(stream, 1 << 20).send(firstBlocks);
    stream.pause();
    await until(() => stream.status !== 'open');
    await expectServing(place);
  });

  it('that has gone is worked for no longer', async () => {
    const place = await scene();
    const { genesisHash } = place.chain;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const ended = new Promise<void>((resolve) => {
      place.chain.callProof = function* () {
        begin();
        try {
          for (;;) yield;
        } finally {
          resolve();
        }
      };
    });
    const { dial } = await stranger();
    const connection = await dial(place.node.address);
    const stream = await connection.newStream(protocolOf(genesisHash, 'light/2'));
    new Frames(stream, 1024).send(callRequest(genesisHash));
    await begun;
    await connection.close();
    await ended;
    await expectServing(place);
  });

  it('that leaves messages half said, with many others, is dropped when they become too many', async () => {
    const piece = 100 * 1024;
    const place = await scene({ unfinished: 2.5 * piece, patienceMs: FOREVER_MS });
    const protocol = protocolOf(place.chain.genesisHash, 'light/2');
    const streams: Stream[] = [];
    for (let come = 0; come < 8; come += 1) {
      const { dial } = await stranger();
      const stream = await (await dial(place.node.address)).newStream(protocol);
      // Twice as much is announced.
      stream.send(Uint8Array.of(0x80, 0x90, 0x0c, ...new Uint8Array(piece)));
      streams.push(stream);
    }
    await until(() => streams.filter(({ status }) => status === 'open').length === 2);
    await expectServing(place);
  });

  it('that alone says more than all may leave half said is a peer no more', async () => {
    const place = await scene({ unfinished: 128 });
    const { dial, peerId } = await stranger();
    const stream = await introduce(await dial(place.node.address), { genesisHash: place.chain.genesisHash });
    expect(place.node.peers()).toMatchObject([{ peerId }]);
    // A message of 200 bytes.
    stream.send(Uint8Array.of(0xc8, 0x01, ...new Uint8Array(150)));
    await until(() => place.node.peers().length === 0);
  });

  it('that leaves answers unread, with many others, is dropped when they become too many', async () => {
    const small = fakeChain();
    small.grow(128);
    // Together more than a stream carries that nobody reads from.
    const chain = { ...small, body: () => [new Uint8Array(4096)] };
    const unfinished = 2.5 * answerBlocks(chain, firstBlocks).length;
    const node = await join(chain, { role: 'authority', limits: { unfinished, patienceMs: FOREVER_MS } });
    const protocol = protocolOf(chain.genesisHash, 'sync/2');
    const streams: Stream[] = [];
    for (let come = 0; come < 8; come += 1) {
      const { dial } = await stranger();
      const stream = await (await dial(node.address)).newStream(protocol);
      stream.pause();
      new Frames(stream, 1 << 20).send(firstBlocks);
      streams.push(stream);
    }
    await until(() => streams.filter(({ status }) => status === 'open').length === 2);
    const { dial } = await stranger();
    const signal = AbortSignal.timeout(20_000);
    const asked = { protocol, body: firstBlocks, maxResponseBytes: 1 << 20, signal };
    expect(await ask(await dial(node.address), asked)).toEqual(answerBlocks(chain, firstBlocks));
  });

  it('that claims blocks which it does not have is banned by a full node', async () => {
    const liar = await stranger();
    const source = fakeChain();
    source.grow(20);
    const { genesisHash } = source;
    await liar.libp2p.handle(protocolOf(genesisHash, 'block-announces/1'), async (stream, connection) => {
      const frames = new Frames(stream, 1024);
      await frames.next(AbortSignal.timeout(10_000));
      frames.send(claim({ genesisHash, number: 4_000_000_000 }));
      await introduce(connection, { genesisHash, number: 4_000_000_000 });
    });
    await liar.libp2p.handle(protocolOf(genesisHash, 'sync/2'), async (stream) => {
      const frames = new Frames(stream, 1024);
      await frames.next(AbortSignal.timeout(10_000));
      frames.send(new Uint8Array(0));
      await stream.close();
    });
    const honest = await join(source, { role: 'authority' });
    const copy = fakeChain();
    const full = await join(copy, { bootnodes: [liar.address, honest.address] });
    await until(() => copy.best().number === 20);
    await until(() => full.lines.some(({ message }) => message === 'A peer is banned for a while'));
    expect(full.peers().map(({ peerId }) => peerId)).toEqual([honest.peerId]);
    expect(full.isSyncing()).toBe(false);
  });
});
