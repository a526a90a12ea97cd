import { createRuntime } from '@hamster/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesVoters, justify, verifyJustification } from '../../src/consensus/grandpa.ts';
import { hashBytes } from '../../src/hash.ts';
import type { ConsensusKeys, FinalityEvent, Justification, Node, ValidatorSet } from '../../src/index.ts';
import {
  decodeBlockData,
  decodeBlockResponse,
  encodeBlockRequest,
} from '../../src/network/messages/blocks.ts';
import { encodeWarpProof } from '../../src/network/messages/warp.ts';
import { nextFinal } from '../../src/network/provable.ts';
import { answerBlocks } from '../../src/network/serve/blocks.ts';
import { answerWarp } from '../../src/network/serve/warp.ts';
import { join, until } from '../network/support/networks.ts';
import { keysOf, NOBODY } from './dev-keys.ts';
import { blockOf, manualNode, openManual, type Running } from './harness.ts';
import { DEV_SPEC, Root, sessionKeysOf } from './root.ts';

const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;
const [ALICE, BOB, CHARLIE] = [keysOf('Alice'), keysOf('Bob'), keysOf('Charlie')];

const together = (...keys: readonly ConsensusKeys[]): ConsensusKeys => ({
  authors: keys.flatMap(({ authors }) => authors),
  voters: keys.flatMap(({ voters }) => voters),
});

const setOf = (id: bigint, { authors, voters }: ConsensusKeys): ValidatorSet => ({
  id,
  authors: authors.map(({ publicKey }) => publicKey),
  voters: voters.map(({ publicKey }) => ({ key: publicKey, weight: 1n })),
});

const nodeWith = (keys: ConsensusKeys): Promise<Running> =>
  manualNode({ chainSpec: DEV_SPEC, keys }, createRuntime());

const hashAt = ({ backend }: Node, number: number) => backend.hashAt(number) ?? backend.genesisHash;
const blockAt = (node: Node, number: number) => blockOf(node.backend, hashAt(author, number));
const proofAt = (node: Node, number: number) => blockAt(node, number).justification as Justification;

let author: Running;

/** An author with everybody's keys. In block 1 root hands over to Bob, in block 4 to Alice and Charlie; 7 are made. */
beforeAll(async () => {
  const runtime = createRuntime();
  author = await openManual({ chainSpec: DEV_SPEC, keys: together(ALICE, BOB, CHARLIE) }, runtime);
  const root = new Root(runtime);
  const make = async (count: number): Promise<void> => {
    for (let made = 0; made < count; made++) await author.backend.manualSeal.newBlock();
  };
  await root.act(author, 'Authorities', 'schedule_change', sessionKeysOf(BOB));
  await make(2);
  await root.act(author, 'Authorities', 'schedule_change', sessionKeysOf(together(ALICE, CHARLIE)));
  await make(3);
});
afterAll(() => author.close());

/** The sets one after the other, each with the blocks that it made final. */
const REIGNS: readonly (readonly [set: ValidatorSet, from: number, to: number])[] = [
  [setOf(0n, ALICE), 1, 2],
  [setOf(1n, BOB), 3, 5],
  [setOf(2n, together(ALICE, CHARLIE)), 6, 7],
];

describe('a change of the authorities', () => {
  it('is in the header behind the call, and in force behind that header', () => {
    const changes = [1, 2, 3, 4, 5, 6, 7].filter((number) => changesVoters(blockAt(author, number).header));
    expect(changes).toEqual([2, 5]);
    const engines = blockAt(author, 2).header.digest.map((item) => [
      item[0],
      Buffer.from(item.subarray(1, 5)).toString(),
    ]);
    expect(engines).toEqual([
      [6, 'aura'],
      [4, 'aura'],
      [4, 'FRNK'],
      [5, 'aura'],
    ]);
    for (const [set, from, to] of REIGNS) {
      for (let number = from; number <= to; number++) {
        const block = { hash: hashAt(author, number), number };
        expect(() => verifyJustification(block, set, proofAt(author, number))).not.toThrow();
      }
    }
  });

  it('is followed by a full node, which tells of the new set', async () => {
    const full = await nodeWith(NOBODY);
    const told: FinalityEvent[] = [];
    full.backend.onFinalized((event) => told.push(event));
    const { address } = await join(author.access, { role: 'authority' });
    await join(full.access, { bootnodes: [address] });
    await until(() => full.backend.finalized().number === 7);
    expect(full.backend.best()).toEqual(author.backend.best());
    expect(told.map(({ number, validators }) => [number, validators?.id])).toEqual([
      [1, undefined],
      [2, 1n],
      [3, undefined],
      [4, undefined],
      [5, 2n],
      [6, undefined],
      [7, undefined],
    ]);
    expect(told[1]?.validators).toEqual(setOf(1n, BOB));
  });

  it('leaves the old authorities without a say', async () => {
    const full = await nodeWith(NOBODY);
    for (const number of [1, 2]) await full.importBlock(blockAt(author, number));
    const third = blockAt(author, 3);
    const [, , lateSet] = REIGNS.map(([set]) => set);
    const votes = [
      justify({ hash: hashAt(author, 3), number: 3 }, setOf(0n, ALICE), ALICE.voters),
      justify({ hash: hashAt(author, 3), number: 3 }, setOf(1n, ALICE), ALICE.voters),
      justify({ hash: hashAt(author, 3), number: 3 }, setOf(0n, BOB), BOB.voters),
      lateSet && justify({ hash: hashAt(author, 3), number: 3 }, lateSet, together(ALICE, CHARLIE).voters),
    ];
    for (const justification of votes) {
      if (!justification) throw new RangeError('No votes');
      await expect(full.importBlock({ ...third, justification })).rejects.toEqual(refused);
    }
    // Alice goes on as if nothing had happened: the same parent, her own seal.
    const alice = await nodeWith(ALICE);
    for (const number of [1, 2]) await alice.importBlock(blockAt(author, number));
    await expect(alice.backend.manualSeal.newBlock()).rejects.toMatchObject({ code: 'NODE_NO_KEY' });
    expect([full.backend.best().number, full.backend.finalized().number]).toEqual([2, 2]);
    await full.importBlock(third);
    expect(full.backend.finalized().number).toBe(3);
  });

  it('has to be final before anything behind it, and a node asks for what it lacks', async () => {
    const full = await nodeWith(NOBODY);
    for (const number of [1, 2, 3, 4, 5]) {
      const { header, body } = blockAt(author, number);
      await full.importBlock({ header, body });
    }
    await expect(full.finalizeBlock(hashAt(author, 4), proofAt(author, 4))).rejects.toThrow(
      expect.objectContaining({ code: 'NODE_BLOCK_ORPHAN' }),
    );
    await full.importBlock(blockAt(author, 6));
    expect(full.backend.finalized().number).toBe(0);
    const { address } = await join(author.access, { role: 'authority' });
    await join(full.access, { bootnodes: [address] });
    await until(() => full.backend.finalized().number === 7);
    expect([2, 5, 7].map((number) => full.backend.justification(hashAt(full, number)) !== undefined)).toEqual(
      [true, true, true],
    );
  });
});

describe('the way of a light client', () => {
  const stepsOf = (...numbers: readonly number[]) =>
    numbers.map((number) => ({
      header: author.backend.encodedHeader(hashAt(author, number)) ?? new Uint8Array(),
      justification: proofAt(author, number).proof,
    }));

  it('has a step for each change, and one to the end', () => {
    const wayFrom = (number: number) => answerWarp(author.access, hashBytes(hashAt(author, number)));
    const proof = (...numbers: readonly number[]) =>
      encodeWarpProof({ fragments: stepsOf(...numbers), isFinished: true });
    expect(wayFrom(0)).toEqual(proof(2, 5, 7));
    expect(wayFrom(2)).toEqual(proof(5, 7));
    expect(wayFrom(4)).toEqual(proof(5, 7));
    expect(wayFrom(5)).toEqual(proof(7));
    expect(wayFrom(7)).toEqual(proof());
  });

  it('ends with the change itself as long as nothing behind that is final, and before one that is not', async () => {
    const full = await nodeWith(NOBODY);
    const way = () => answerWarp(full.access, hashBytes(full.backend.genesisHash));
    for (const number of [1, 2]) await full.importBlock(blockAt(author, number));
    expect(way()).toEqual(encodeWarpProof({ fragments: stepsOf(2), isFinished: true }));
    for (const number of [3, 4]) await full.importBlock(blockAt(author, number));
    const { header, body } = blockAt(author, 5);
    await full.importBlock({ header, body });
    expect(way()).toEqual(encodeWarpProof({ fragments: stepsOf(2, 4), isFinished: true }));
  });

  it('goes set by set: no votes come before those that end the set in front of theirs', () => {
    const { access } = author;
    const goal = access.finalized();
    const ways = [0, 1, 2, 4, 5, 7].map((floor) => nextFinal(access, floor, goal)?.number);
    expect(ways).toEqual([2, 2, 5, 5, 7, undefined]);
    const request = encodeBlockRequest({
      want: { header: true, body: false, justification: true },
      from: { hash: goal.hash },
      direction: 'descending',
      maxBlocks: 7,
      severalJustifications: true,
    });
    const proved = (asker?: Parameters<typeof answerBlocks>[2]) =>
      decodeBlockResponse(answerBlocks(access, request, asker), 7).map(
        (block) => decodeBlockData(block).justification !== undefined,
      );
    const best = { hash: hashAt(author, 0), number: 0 };
    expect(proved({ role: 'light', best, finalized: undefined })).toEqual([
      ...Array<boolean>(5).fill(false),
      true,
      true,
    ]);
    expect(proved({ role: 'light', best, finalized: 2 })).toEqual([
      false,
      false,
      ...Array<boolean>(5).fill(true),
    ]);
    expect(proved({ role: 'light', best, finalized: 5 })).toEqual(Array<boolean>(7).fill(true));
    expect(proved({ role: 'full', best, finalized: undefined })).toEqual(Array<boolean>(7).fill(true));
  });
});
