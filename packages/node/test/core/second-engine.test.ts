import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../src/hash.ts';
import type { ConsensusKeys, ForeignBlock } from '../../src/index.ts';
import { encodeWarpProof } from '../../src/network/messages/warp.ts';
import { answerWarp } from '../../src/network/serve/warp.ts';
import { join, until } from '../network/support/networks.ts';
import { Alternating, LAG } from './alternating.ts';
import { keyOf, NOBODY } from './dev-keys.ts';
import { blockOf, manualNode, type Running } from './harness.ts';
import { TestAccount, testRuntime } from './test-runtime.ts';

const TURNS = [keyOf('sr25519', 'Alice'), keyOf('sr25519', 'Bob')];
const keysOf = (name: string): ConsensusKeys => ({ authors: [keyOf('sr25519', name)], voters: [] });

/** A node of that consensus, under rules that know nothing of Aura and GRANDPA. */
async function validator(keys: ConsensusKeys) {
  const engines: Alternating[] = [];
  const call = (): never => {
    throw new RangeError('These rules have no such API');
  };
  const runtime = { ...testRuntime(), call };
  const node = await manualNode({ keys }, runtime, (parts) => {
    const engine = new Alternating(parts, TURNS);
    engines.push(engine);
    return engine;
  });
  const [engine] = engines;
  if (!engine) throw new RangeError('No engine');
  return { ...node, engine };
}

const numbersOf = ({ backend }: Pick<Running, 'backend'>) => [
  backend.best().number,
  backend.finalized().number,
];

describe('another consensus behind the seam', () => {
  it('lets two validators alternate over the network, with finality behind, and a late node follow with its proofs', async () => {
    const [alice, bob] = [await validator(keysOf('Alice')), await validator(keysOf('Bob'))];
    const hub = await join(alice.access, { role: 'authority' });
    const other = await join(bob.access, { role: 'authority', bootnodes: [hub.address] });
    await until(() => other.peers().length === 1 && hub.peers().length === 1);
    await expect(alice.backend.manualSeal.newBlock()).rejects.toMatchObject({ code: 'NODE_NO_KEY' });
    for (let number = 1; number <= 8; number++) {
      const [author, follower] = number % 2 === 1 ? [bob, alice] : [alice, bob];
      await author.backend.manualSeal.newBlock();
      await until(() => follower.backend.best().number === number);
    }
    const late = await validator(NOBODY);
    await join(late.access, { bootnodes: [hub.address] });
    await until(() => late.backend.best().number === 8);
    for (const node of [alice, bob, late]) {
      expect(numbersOf(node)).toEqual([8, 8 - LAG]);
      expect(node.backend.best()).toEqual(alice.backend.best());
      expect(node.backend.justification(node.backend.finalized().hash)?.engine).toBe('altn');
    }
    for (const { lines } of [alice, bob, late, hub, other]) {
      expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    }
    // Light clients know another one's proofs: they are told of none.
    const way = answerWarp(alice.access, hashBytes(alice.backend.genesisHash));
    expect(way).toEqual(encodeWarpProof({ fragments: [], isFinished: true }));
  });

  it('refuses forged proofs, and hands over the evidence when somebody seals two blocks of one height', async () => {
    const [bob, twin, alice] = [
      await validator(keysOf('Bob')),
      await validator(keysOf('Bob')),
      await validator(keysOf('Alice')),
    ];
    const first = blockOf(bob.backend, (await bob.backend.manualSeal.newBlock()).hash);
    const second = blockOf(twin.backend, (await twin.backend.manualSeal.newBlock()).hash);
    const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;
    const justification = { engine: 'altn', proof: Uint8Array.of(0) };
    await expect(alice.importBlock({ ...first, justification })).rejects.toEqual(refused);
    await alice.importBlock(first);
    await expect(alice.importBlock(second)).rejects.toEqual(refused);
    expect(alice.engine.evidence).toEqual([[first.header, second.header]]);
  });

  it('can agree on a block before anybody takes it in: a proposal that is refused leaves no trace', async () => {
    const [bob, alice] = [await validator(keysOf('Bob')), await validator(keysOf('Alice'))];
    const [proposer, voter] = [bob.engine.host, alice.engine.host];
    const [, bobKey] = TURNS;
    if (!proposer || !voter || !bobKey) throw new RangeError('They did not start');
    const account = new TestAccount();
    await bob.backend.submit(account.extrinsic({ nonce: 0, amount: 7n }));
    const build = (time: bigint): Promise<ForeignBlock> => proposer.build(bob.engine.turn(time, bobKey));
    const unwanted = await build(1_000n);
    const false_ = { ...unwanted, body: unwanted.body.slice(0, 1) };
    await voter.check(unwanted);
    await expect(voter.check(false_)).rejects.toMatchObject({ code: 'NODE_BLOCK_REFUSED' });
    const decided = await build(2_000n);
    await voter.check(decided);
    expect([numbersOf(bob), numbersOf(alice), bob.backend.pending().length]).toEqual([[0, 0], [0, 0], 1]);
    await Promise.all([proposer.importBlock(decided), voter.importBlock(decided)]);
    expect(bob.backend.best()).toEqual(alice.backend.best());
    expect([numbersOf(bob), decided.body.length, bob.backend.pending()]).toEqual([[1, 0], 2, []]);
    expect(proposer.maySign()).toBe(true);
  });
});
