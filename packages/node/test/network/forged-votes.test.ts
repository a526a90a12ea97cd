import { describe, expect, it } from 'vitest';
import type { ForeignBlock } from '../../src/index.ts';
import { encodeHeader, headerHash } from '../../src/header-codec.ts';
import { encodeBlockData, encodeBlockResponse } from '../../src/network/messages/blocks.ts';
import { encodeCommit } from '../../src/network/messages/finality.ts';
import { Frames } from '../../src/network/wire/frames.ts';
import { NOBODY } from '../core/dev-keys.ts';
import { FIELDS, flipped, THREE_VOTERS, VOTED_SPEC } from '../core/forged-votes.ts';
import { blockOf, manualNode, type Running } from '../core/harness.ts';
import { join, until, type Joined } from './support/networks.ts';
import { claim, introduce, protocolOf, stranger } from './support/stranger.ts';

/** Of the votes one stands for all of them: each liar is a host of its own. */
const LIES = FIELDS.filter(([name]) => !/vote [13]/.test(name));
const BANNED = 'A peer is banned for a while';
const patience = () => AbortSignal.timeout(20_000);

interface Lie {
  readonly block: ForeignBlock;
  /** Votes that nobody cast. */
  readonly proof: Uint8Array;
  readonly genesisHash: `0x${string}`;
}

/** A peer that has this one block, with those votes, and says that it is final. Answers its address. */
async function liar({ block, proof, genesisHash }: Lie, honestProof: Uint8Array): Promise<string> {
  const { libp2p, address } = await stranger();
  const name = (protocol: string) => protocolOf(genesisHash, protocol);
  const header = encodeHeader(block.header);
  const justification = { engine: 'FRNK', proof };
  const data = encodeBlockData({ hash: headerHash(header), header, body: block.body, justification }, true);
  await libp2p.handle(name('sync/2'), async (stream) => {
    const frames = new Frames(stream, 1024);
    await frames.next(patience());
    frames.send(encodeBlockResponse([data]));
    await stream.close();
  });
  await libp2p.handle(name('block-announces/1'), async (stream, connection) => {
    const frames = new Frames(stream, 1024);
    await frames.next(patience());
    frames.send(claim({ genesisHash, number: 1 }));
    await introduce(connection, { genesisHash, number: 1 });
    const votes = new Frames(await connection.newStream(name('grandpa/1')), 1 << 20);
    votes.send(Uint8Array.of(1));
    await votes.next(patience());
    votes.send(encodeCommit(honestProof, 0n));
  });
  return address;
}

/** A liar for each part of the votes, all of them dialled by `full`. */
async function meet(full: Running, author: Running): Promise<Joined> {
  const { genesisHash } = author.backend;
  const block = blockOf(author.backend, author.backend.best().hash);
  const proof = block.justification?.proof ?? new Uint8Array();
  const addresses = LIES.map(([, start, length], index) => {
    const forged = flipped(proof, start * 8 + ((index * 13) % (length * 8)));
    return liar({ block, proof: forged, genesisHash }, proof);
  });
  return join(full.access, { bootnodes: await Promise.all(addresses) });
}

const bans = ({ lines }: Joined): number => lines.filter(({ message }) => message === BANNED).length;

describe('a peer with votes that nobody cast', { timeout: 120_000 }, () => {
  const pair = async () => {
    const author = await manualNode({ chainSpec: VOTED_SPEC, keys: THREE_VOTERS });
    await author.backend.manualSeal.newBlock();
    return { author, full: await manualNode({ chainSpec: VOTED_SPEC, keys: NOBODY }) };
  };

  it('is banned when it sends them with the block, which is not taken', async () => {
    const { author, full } = await pair();
    const network = await meet(full, author);
    await until(() => bans(network) === LIES.length);
    expect(network.peers()).toEqual([]);
    expect([full.backend.best().number, full.backend.finalized().number]).toEqual([0, 0]);
  });

  it('is banned when it says that a block is final which is here, and nothing becomes final', async () => {
    const { author, full } = await pair();
    const { header, body } = blockOf(author.backend, author.backend.best().hash);
    await full.importBlock({ header, body });
    const network = await meet(full, author);
    await until(() => bans(network) === LIES.length);
    expect([full.backend.best().number, full.backend.finalized().number]).toEqual([1, 0]);
    const honest = await join(author.access, { role: 'authority' });
    await join(full.access, { bootnodes: [honest.address] });
    await until(() => full.backend.finalized().number === 1);
  });
});
