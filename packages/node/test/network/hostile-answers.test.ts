import type { Stream } from '@libp2p/interface';
import { describe, expect, it } from 'vitest';
import { hashText } from '../../src/hash.ts';
import { encodeHeader, headerHash } from '../../src/header-codec.ts';
import type { Header } from '../../src/header.ts';
import { MESSAGE_BYTES } from '../../src/network/limits.ts';
import {
  decodeBlockData,
  decodeBlockResponse,
  encodeBlockData,
  encodeBlockResponse,
  type BlockData,
} from '../../src/network/messages/blocks.ts';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { Frames } from '../../src/network/wire/frames.ts';
import { NOBODY } from '../core/dev-keys.ts';
import { manualNode, type Running } from '../core/harness.ts';
import { fakeChain, type FakeChain } from './support/fake-chain.ts';
import { join, until, type Joined } from './support/networks.ts';
import { claim, claimToAll, introduce, protocolOf, stranger, type Stranger } from './support/stranger.ts';

const BLOCKS = 6;
/** The block that the liars change. */
const AT = 2;

const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
const flipText = (hash: string) => hashText(flip(Buffer.from(hash.slice(2), 'hex'), 7));

/** The same block with another header, under the hash of that. */
const withHeader = (block: BlockData, header: Header): BlockData => {
  const encoded = encodeHeader(header);
  return { ...block, header: encoded, hash: headerHash(encoded) };
};

type Lie = (block: BlockData, header: Header) => BlockData;

const digestWith = (header: Header, at: number, byte: number): Header => ({
  ...header,
  digest: header.digest.map((item, index) => (index === at ? flip(item, byte) : item)),
});

const LIES: Readonly<Record<string, Lie>> = {
  hash: (block) => ({ ...block, hash: flipText(block.hash) }),
  'parent hash': (block, header) => withHeader(block, { ...header, parentHash: flipText(header.parentHash) }),
  number: (block, header) => withHeader(block, { ...header, number: header.number ^ 1 }),
  'state root': (block, header) => withHeader(block, { ...header, stateRoot: flipText(header.stateRoot) }),
  'extrinsics root': (block, header) =>
    withHeader(block, { ...header, extrinsicsRoot: flipText(header.extrinsicsRoot) }),
  slot: (block, header) => withHeader(block, digestWith(header, 0, 6)),
  seal: (block, header) => withHeader(block, digestWith(header, header.digest.length - 1, 20)),
  extrinsic: (block) => ({ ...block, body: (block.body ?? []).map((each) => flip(each, each.length - 1)) }),
  'number of extrinsics': (block) => ({ ...block, body: [] }),
  'body left out': (block) => ({ ...block, body: undefined }),
  'header left out': (block) => ({ ...block, header: undefined }),
  votes: (block) => ({ ...block, justification: votesOf(block, 90) }),
  'target of votes': (block) => ({ ...block, justification: votesOf(block, 12) }),
};

const votesOf = ({ justification }: BlockData, at: number): BlockData['justification'] =>
  justification && { ...justification, proof: flip(justification.proof, at) };

const lieOf =
  ({ backend, access }: Running, lie: Lie) =>
  (request: Uint8Array): Uint8Array =>
    encodeBlockResponse(
      decodeBlockResponse(answerBlocks(access, request), 128).map((encoded) => {
        const block = decodeBlockData(encoded);
        const header = backend.header(block.hash);
        return header?.number === AT ? encodeBlockData(lie(block, header), true) : encoded;
      }),
    );

async function authorOf(blocks: number): Promise<Running> {
  const node = await manualNode();
  for (let made = 0; made < blocks; made++) await node.backend.manualSeal.newBlock();
  return node;
}

/** A peer that claims to have one block more than anybody, and answers requests for them so. */
async function liar(genesisHash: string, answer: (request: Uint8Array, stream: Stream) => unknown) {
  const peer = await stranger();
  const hash = genesisHash as `0x${string}`;
  await claimToAll(peer, { genesisHash: hash, number: BLOCKS + 1 });
  let asked = 0;
  await peer.libp2p.handle(
    protocolOf(hash, 'sync/2'),
    async (stream) => {
      const frames = new Frames(stream, 1 << 20);
      const request = (await frames.next(AbortSignal.timeout(10_000))) ?? new Uint8Array();
      asked += 1;
      await answer(request, stream);
    },
    { maxInboundStreams: 64 },
  );
  return { ...peer, asked: () => asked };
}

const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

const send = (stream: Stream, message: Uint8Array): Promise<void> => {
  new Frames(stream, 1024).send(message);
  return stream.close().catch(() => undefined);
};

const isBannedBy =
  ({ peers }: { peers(): readonly { peerId: string }[] }) =>
  ({ peerId, asked }: Stranger & { asked(): number }): boolean =>
    asked() > 0 && peers().every((peer) => peer.peerId !== peerId);

it('a peer that changes one bit of any part of a block is banned, and the honest one is followed', async () => {
  const author = await authorOf(BLOCKS);
  const { genesisHash } = author.backend;
  const liars = await Promise.all(
    Object.values(LIES).map((lie) => {
      const answer = lieOf(author, lie);
      return liar(genesisHash, (request, stream) => send(stream, answer(request)));
    }),
  );
  const full = await manualNode({ keys: NOBODY });
  const network = await join(full.access, { bootnodes: liars.map(({ address }) => address) });
  await until(() => liars.every(isBannedBy(network)));
  expect(full.backend.best().number).toBeLessThan(AT);
  const honest = await join(author.access, { role: 'authority' });
  const second = await join(full.access, { bootnodes: [honest.address] });
  await until(() => full.backend.best().number === BLOCKS);
  expect(full.backend.best()).toEqual(author.backend.best());
  expect(second.peers()).toHaveLength(1);
}, 60_000);

describe('a peer whose answers', () => {
  const patienceMs = 500;

  /** A full node whose first choice is the liar, besides an honest peer that makes blocks meanwhile. */
  async function follows(source: FakeChain, bad: Stranger & { asked(): number }): Promise<Joined> {
    const copy = fakeChain();
    const honest = await join(source, { role: 'authority' });
    const full = await join(copy, { bootnodes: [bad.address], limits: { patienceMs } });
    await until(() => bad.asked() > 0);
    const other = await join(copy, { bootnodes: [honest.address] });
    await until(() => copy.best().number === source.best().number);
    source.grow(3);
    await until(() => copy.best().number === source.best().number);
    expect(other.peers()).toHaveLength(1);
    await until(() => !full.isSyncing());
    return full;
  }

  const scene = (): FakeChain => {
    const source = fakeChain();
    source.grow(BLOCKS);
    return source;
  };

  it.each([
    [
      'are garbage',
      (request: Uint8Array) => Uint8Array.from({ length: 500 }, (_, i) => i * 7 + request.length),
    ],
    ['are cut short', (request: Uint8Array, source: FakeChain) => answerBlocks(source, request).slice(0, -5)],
    ['are empty', () => new Uint8Array()],
    [
      'are other blocks',
      (_request: Uint8Array, source: FakeChain) =>
        encodeBlockResponse(decodeBlockResponse(answerBlocks(source, _request), 128).toReversed()),
    ],
  ])('%s is banned', async (_how, answer) => {
    const source = scene();
    const bad = await liar(source.genesisHash, (request, stream) => send(stream, answer(request, source)));
    const full = await follows(source, bad);
    await until(() => isBannedBy(full)(bad));
  });

  it('never come is left alone', async () => {
    const source = scene();
    await follows(source, await liar(source.genesisHash, () => undefined));
  });

  it('come a byte at a time is left alone when the time of an answer is over', async () => {
    const source = scene();
    const bad = await liar(source.genesisHash, async (_request, stream) => {
      stream.send(Uint8Array.of(0xe8, 0x07));
      while (stream.status === 'open') {
        stream.send(Uint8Array.of(1));
        await moment();
      }
    });
    await follows(source, bad);
  });

  it('never end is cut off at the longest message', async () => {
    const source = scene();
    let sent = 0;
    const bad = await liar(source.genesisHash, async (_request, stream) => {
      const chunk = new Uint8Array(64 * 1024);
      // A message of the greatest length, and then more and more.
      stream.send(Uint8Array.of(0x80, 0x80, 0x80, 0x08));
      while (stream.status === 'open') {
        sent += chunk.length;
        stream.send(chunk);
        while (stream.status === 'open' && stream.writeBufferLength > 1 << 20) await moment();
      }
    });
    await follows(source, bad);
    expect(sent).toBeLessThan(MESSAGE_BYTES.syncResponse * 2);
  });
});

describe('a peer that has not introduced itself', () => {
  it.each(['transactions/1', 'grandpa/1', 'block-announces/1'])(
    'cannot announce a long message on %s',
    async (name) => {
      const chain = fakeChain();
      const node = await join(chain, { role: 'authority' });
      const { dial } = await stranger();
      const connection = await dial(node.address);
      const stream = await connection.newStream(protocolOf(chain.genesisHash, name));
      // 1025 bytes are announced, and none of them comes.
      stream.send(Uint8Array.of(0x81, 0x08));
      await until(() => connection.status !== 'open');
    },
  );
});

it('a flood on every protocol at once does not keep a node from following the honest peer', async () => {
  const source = fakeChain();
  source.grow(BLOCKS);
  const { genesisHash } = source;
  const honest = await join(source, { role: 'authority' });
  const copy = fakeChain();
  const limits = { requestsPerSecond: 20 };
  const full = await join(copy, { bootnodes: [honest.address], limits });
  await until(() => copy.best().number === BLOCKS);
  let isOver = false;
  const floods = ['announcements', 'transactions/1', 'grandpa/1', 'sync/2', 'light/2', 'sync/warp'].map(
    async (name) => {
      const { dial } = await stranger();
      const connection = await dial(full.address);
      const gossip = new Frames(await introduce(connection, { genesisHash }), 1024);
      const signal = AbortSignal.timeout(20_000);
      const speak = async (): Promise<void> => {
        if (name === 'announcements') {
          for (let sent = 0; sent < 100; sent++) gossip.send(claim({ genesisHash }));
          return;
        }
        const stream = await connection.newStream(protocolOf(genesisHash, name), { signal });
        new Frames(stream, 1024).send(Uint8Array.of(1, 2, 3));
      };
      while (connection.status === 'open' && !isOver) {
        // What is refused is tried again.
        await speak().catch(() => undefined);
        await moment();
      }
    },
  );
  for (let made = 0; made < 100; made++) {
    source.grow(1);
    await moment();
  }
  await until(() => copy.best().number === source.best().number);
  isOver = true;
  await Promise.all(floods);
  expect(full.peers().map(({ peerId }) => peerId)).toContain(honest.peerId);
  expect(full.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
