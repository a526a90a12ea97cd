import { describe, expect, it } from 'vitest';
import { Frames } from '../../src/network/wire/frames.ts';
import { ask } from '../../src/network/wire/requests.ts';
import { NOBODY } from '../core/dev-keys.ts';
import { counterOf, manualNode, nextBlock, temporaryFolder, type Running } from '../core/harness.ts';
import { TestAccount } from '../core/test-runtime.ts';
import { join, until, type Joined } from './support/networks.ts';
import { claim, introduce, protocolOf, stranger } from './support/stranger.ts';

interface Author {
  readonly node: Running;
  readonly network: Joined;
}

async function authorWith(blocks: number): Promise<Author> {
  const node = await manualNode();
  for (let made = 0; made < blocks; made++) await node.backend.manualSeal.newBlock();
  return { node, network: await join(node.access, { role: 'authority' }) };
}

const follower = (basePath?: string): Promise<Running> =>
  manualNode({ keys: NOBODY, ...(basePath !== undefined && { basePath }) });

describe('a full node of real blocks', () => {
  it('executes everything that the author made, and has the same state and finality', async () => {
    const { node: author, network } = await authorWith(60);
    const full = await follower();
    await join(full.access, { bootnodes: [network.address] });
    await until(() => full.backend.best().number === 60);
    const following = nextBlock(full.backend, ({ number }) => number === 61);
    await author.backend.manualSeal.newBlock();
    await following;
    const { hash } = author.backend.best();
    expect(full.backend.best()).toEqual(author.backend.best());
    await until(() => full.backend.finalized().number === 61);
    expect(full.backend.justification(hash)).toEqual(author.backend.justification(hash));
    expect(full.backend.stateAt(hash)).toBeDefined();
  });

  it('sends on what is submitted to it, and the author puts it into a block', async () => {
    const { node: author, network } = await authorWith(1);
    const full = await follower();
    await join(full.access, { bootnodes: [network.address] });
    await until(() => full.backend.best().number === 1);
    const account = new TestAccount();
    await full.backend.submit(account.extrinsic({ nonce: 0, amount: 7n }));
    await until(() => author.backend.pending().length === 1);
    await author.backend.manualSeal.newBlock();
    await until(() => full.backend.best().number === 2);
    expect(counterOf(full.backend, account.id)).toBe(7n);
    expect(full.backend.pending()).toEqual([]);
  });

  it('goes on after a restart in the middle, and serves others itself', async () => {
    const { network } = await authorWith(80);
    const folder = await temporaryFolder();
    const first = await follower(folder);
    const joined = await join(first.access, { bootnodes: [network.address] });
    await nextBlock(first.backend, ({ number }) => number >= 20);
    await joined.close();
    await first.close();
    const second = await follower(folder);
    const before = second.backend.best().number;
    expect(before).toBeGreaterThanOrEqual(20);
    const again = await join(second.access, { bootnodes: [network.address] });
    await until(() => second.backend.best().number === 80);
    const third = await follower();
    await join(third.access, { bootnodes: [again.address] });
    await until(() => third.backend.best().number === 80);
    expect(third.backend.best()).toEqual(second.backend.best());
  });

  it('refuses a block with one wrong bit, bans who sent it, and goes on with an honest peer', async () => {
    const { node: author, network } = await authorWith(12);
    const { genesisHash } = author.backend;
    const full = await follower();
    const flipped: string[] = [];
    const addresses: string[] = [];
    // Each liar serves what the author serves, with one bit changed, each in another place.
    for (const share of [0.02, 0.2, 0.4, 0.6, 0.8, 0.97]) {
      const liar = await stranger();
      const toAuthor = await liar.dial(network.address);
      await liar.libp2p.handle(protocolOf(genesisHash, 'block-announces/1'), async (stream, connection) => {
        const frames = new Frames(stream, 1024);
        await frames.next(AbortSignal.timeout(10_000));
        frames.send(claim({ genesisHash, number: 12 }));
        await introduce(connection, { genesisHash, number: 12 }).catch(() => undefined);
      });
      await liar.libp2p.handle(protocolOf(genesisHash, 'sync/2'), async (stream) => {
        const frames = new Frames(stream, 1024);
        const body = (await frames.next(AbortSignal.timeout(10_000))) ?? new Uint8Array();
        const signal = AbortSignal.timeout(10_000);
        const protocol = protocolOf(genesisHash, 'sync/2');
        const answer = Uint8Array.from(
          await ask(toAuthor, { protocol, body, signal, maxResponseBytes: 1 << 22 }),
        );
        const at = Math.floor(answer.length * share);
        answer[at] = (answer[at] ?? 0) ^ 1;
        flipped.push(liar.peerId);
        frames.send(answer);
        await stream.close();
      });
      addresses.push(liar.address);
    }
    const joined = await join(full.access, { bootnodes: addresses });
    await until(() => new Set(flipped).size === 6);
    await until(() => joined.peers().length === 0);
    const honest = await join(full.access, { bootnodes: [network.address] });
    await until(() => full.backend.best().number === 12);
    expect(full.backend.best()).toEqual(author.backend.best());
    for (let number = 1; number <= 12; number++) {
      expect(full.backend.hashAt(number)).toBe(author.backend.hashAt(number));
    }
    expect(honest.peers()).toHaveLength(1);
  });
});
