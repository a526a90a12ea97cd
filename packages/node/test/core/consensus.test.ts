import { u32, u64 } from '@hamster/scale';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '@hamster/crypto';
import { justify } from '../../src/consensus/grandpa.ts';
import { hashBytes } from '../../src/hash.ts';
import {
  singleAuthor,
  type Consensus,
  type ConsensusHost,
  type ConsensusParts,
  type Justification,
} from '../../src/index.ts';
import { ALICE, keyOf, keysOf, NOBODY } from './dev-keys.ts';
import { blockOf, manualNode, SPEC } from './harness.ts';
import { testRuntime } from './test-runtime.ts';

const refused = expect.objectContaining({ code: 'NODE_BLOCK_REFUSED' }) as object;

/** A chain with other validators than Alice. */
const chainOf = (genesis: object) => ({ ...SPEC, genesis: { ...SPEC.genesis, ...genesis } });

const votersOf = (...names: string[]) => names.map((name) => [keyOf('ed25519', name).publicKey, 1] as const);
const authorsOf = (...names: string[]) => names.map((name) => keyOf('sr25519', name).publicKey);

describe('a justification', () => {
  it('is encoded and signed as GRANDPA’s', async () => {
    const { backend } = await manualNode();
    const { hash, number } = await backend.manualSeal.newBlock();
    const target = Uint8Array.of(...hashBytes(hash), ...u32.encode(number));
    const { engine, proof } = backend.justification(hash) ?? { engine: '', proof: new Uint8Array() };
    const [voter] = ALICE.voters;
    const signature = proof.subarray(8 + 36 + 1 + 36, 8 + 36 + 1 + 36 + 64);
    const ballot = Uint8Array.of(1, ...target, ...u64.encode(1n), ...u64.encode(0n));
    expect(engine).toBe('FRNK');
    expect(Buffer.from(proof).toString('hex')).toBe(
      Buffer.concat([
        ...[u64.encode(1n), target, Uint8Array.of(1 << 2), target, signature],
        ...[voter?.publicKey ?? new Uint8Array(), Uint8Array.of(0)],
      ]).toString('hex'),
    );
    expect(
      verifySignature({
        scheme: 'ed25519',
        accountId: voter?.publicKey ?? new Uint8Array(),
        message: ballot,
        signature,
      }),
    ).toBe(true);
  });

  it('needs more than two thirds of the votes', async () => {
    const chainSpec = chainOf({ voters: votersOf('Alice', 'Bob', 'Charlie', 'Dave') });
    const with3 = { ...ALICE, voters: ['Alice', 'Bob', 'Charlie'].map((name) => keyOf('ed25519', name)) };
    const with2 = { ...ALICE, voters: ['Alice', 'Bob'].map((name) => keyOf('ed25519', name)) };
    const [enough, tooFew] = [
      await manualNode({ chainSpec, keys: with3 }),
      await manualNode({ chainSpec, keys: with2 }),
    ];
    const final = await enough.backend.manualSeal.newBlock();
    expect(enough.backend.finalized()).toEqual(final);
    await tooFew.backend.manualSeal.newBlock();
    expect(tooFew.backend.finalized().number).toBe(0);
    expect(tooFew.backend.best().number).toBe(1);
  });

  it('counts a vote once, and only of the chain’s voters', async () => {
    const [author, follower] = [await manualNode(), await manualNode({ keys: NOBODY })];
    const block = blockOf(author.backend, (await author.backend.manualSeal.newBlock()).hash);
    const bob = keyOf('ed25519', 'Bob');
    const ofBob = { id: 0n, authors: [], voters: [{ key: bob.publicKey, weight: 1n }] };
    const foreign = justify(author.backend.best(), ofBob, [bob]);
    const { proof = new Uint8Array() } = block.justification ?? {};
    const vote = proof.subarray(45, -1);
    const twice = Uint8Array.of(...proof.subarray(0, 44), 2 << 2, ...vote, ...vote, 0);
    const none = Uint8Array.of(...proof.subarray(0, 44), 0, 0);
    const wrong = [twice, none, foreign?.proof ?? proof];
    for (const each of wrong) {
      const forged = { ...block, justification: { engine: 'FRNK', proof: each } };
      await expect(follower.importBlock(forged)).rejects.toEqual(refused);
    }
    expect(follower.backend.best().number).toBe(0);
  });
});

describe('finality', () => {
  it('may come behind the block, and makes those before it final too', async () => {
    const [author, follower] = [await manualNode(), await manualNode({ keys: NOBODY })];
    const blocks = [];
    for (let i = 0; i < 3; i++) {
      blocks.push(blockOf(author.backend, (await author.backend.manualSeal.newBlock()).hash));
    }
    const final: number[] = [];
    follower.backend.onFinalized(({ number }) => final.push(number));
    for (const { header, body } of blocks) await follower.importBlock({ header, body });
    expect([follower.backend.best().number, follower.backend.finalized().number]).toEqual([3, 0]);
    const [, second, third] = blocks;
    const hash = follower.backend.hashAt(2) ?? follower.backend.genesisHash;
    const justification = second?.justification as Justification;
    await expect(follower.finalizeBlock(hash, third?.justification as Justification)).rejects.toThrow(
      refused,
    );
    await follower.finalizeBlock(hash, justification);
    await follower.finalizeBlock(hash, justification);
    expect(follower.backend.finalized()).toEqual({ hash, number: 2 });
    expect(follower.backend.justification(hash)).toEqual(justification);
    expect(final).toEqual([2]);
  });

  it('can be left to an engine that votes on blocks after they were imported', async () => {
    const voted: string[] = [];
    let stopped = false;
    /** Votes on every second block, when told to: stands for an engine that talks to others. */
    const engine = (parts: ConsensusParts): Consensus => {
      const sealing = singleAuthor(parts);
      return {
        ...sealing,
        decide: () => undefined,
        verifyFinality: (_block, _parent, { engine: name }) => expect(name).toBe('TEST'),
        start(host: ConsensusHost) {
          const stop = host.onImported(({ hash, number }) => {
            voted.push(`import ${number}, final ${host.finalized().number}`);
            if (number % 2 === 0) void host.finalize(hash, { engine: 'TEST', proof: Uint8Array.of(number) });
          });
          return () => {
            stop();
            stopped = true;
          };
        },
      };
    };
    const node = await manualNode({}, testRuntime(), engine);
    for (let i = 0; i < 4; i++) await node.backend.manualSeal.newBlock();
    expect(voted).toEqual([
      'import 1, final 0',
      'import 2, final 0',
      'import 3, final 2',
      'import 4, final 2',
    ]);
    await expect.poll(() => node.backend.finalized().number, { timeout: 10_000 }).toBe(4);
    await node.close();
    expect(stopped).toBe(true);
  });
});

describe('authors', () => {
  it('take turns, each in the slots that are its own', async () => {
    const chainSpec = chainOf({ authors: authorsOf('Alice', 'Bob') });
    const now = () => 10_000;
    const alice = await manualNode({ chainSpec, now });
    const bob = await manualNode({ chainSpec, now, keys: { ...ALICE, authors: keysOf('Bob').authors } });
    const first = await alice.backend.manualSeal.newBlock();
    await bob.importBlock(blockOf(alice.backend, first.hash));
    const second = await bob.backend.manualSeal.newBlock();
    await alice.importBlock(blockOf(bob.backend, second.hash));
    const third = await alice.backend.manualSeal.newBlock();
    const slots = [first, second, third].map(({ hash }) => {
      const [slot = new Uint8Array(8)] = alice.backend.header(hash)?.digest ?? [];
      return u64.decode(slot.subarray(-8));
    });
    expect(slots).toEqual([10n, 11n, 12n]);
  });

  it('go on at half the pace when the clock was set back, until it has come up', async () => {
    const { backend } = await manualNode({ now: () => 1_000_000 });
    const { hash, number } = await backend.manualSeal.newBlock();
    const [header, state] = [backend.header(hash), backend.stateAt(hash)];
    if (!header || !state) throw new RangeError('The block is not there');
    const engine = singleAuthor({ runtime: testRuntime(), keys: ALICE });
    /** Slots of the clock in which a block is made on one of slot 1000. */
    const taken = (slots: readonly number[], mode: 'due' | 'next'): number[] =>
      slots.filter((slot) => engine.propose({ hash, number, header, state }, BigInt(slot * 1000), mode));
    expect(taken([940, 941, 942, 943, 944], 'due')).toEqual([940, 942, 944]);
    expect(taken([998, 999, 1000, 1001, 1002, 1003], 'due')).toEqual([1001, 1002, 1003]);
    expect(taken([940, 941, 999, 1001], 'next')).toEqual([940, 941, 999, 1001]);
  });

  it('make nothing without a key of the chain', async () => {
    const node = await manualNode({ keys: keysOf('Bob') });
    await expect(node.backend.manualSeal.newBlock()).rejects.toMatchObject({ code: 'NODE_NO_KEY' });
    expect(node.backend.best().number).toBe(0);
  });

  it('are not believed when they seal for another, or seal two blocks of one height', async () => {
    const follower = await manualNode({ keys: NOBODY });
    const impostor = await manualNode({
      chainSpec: chainOf({ authors: authorsOf('Bob') }),
      keys: keysOf('Bob'),
    });
    const [one, two] = [await manualNode({ now: () => 5_000 }), await manualNode({ now: () => 7_000 })];
    const blocks = [];
    for (const { backend } of [one, two, impostor]) {
      blocks.push(blockOf(backend, (await backend.manualSeal.newBlock()).hash));
    }
    const [first, rival, forged] = blocks;
    if (!first || !rival || !forged) throw new RangeError('No blocks');
    const header = { ...forged.header, parentHash: first.header.parentHash };
    await expect(follower.importBlock({ ...forged, header })).rejects.toEqual(refused);
    await follower.importBlock(first);
    await expect(follower.importBlock(rival)).rejects.toEqual(refused);
    expect(follower.lines.filter(({ level }) => level === 'warn')).toEqual([
      { level: 'warn', message: 'The author sealed two blocks of one height; the first one stays' },
    ]);
    expect(follower.backend.best()).toEqual(one.backend.best());
  });
});
