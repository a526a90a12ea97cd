import { blake2b256, toHex } from '@hamster/crypto';
import { u32, u64 } from '@hamster/scale';
import { proofSource, readValue } from '@hamster/state';
import type { Runtime } from '@hamster/frame';
import { describe, expect, it } from 'vitest';
import { startNode, type Backend, type Hash } from '../../src/index.ts';
import { ALICE } from './dev-keys.ts';
import {
  bestState,
  counterOf,
  manualNode,
  nextBlock,
  recorder,
  SPEC,
  temporaryFolder,
  withSlots,
} from './harness.ts';
import { counterKey, NUMBER, testRuntime, TestAccount, TIME } from './test-runtime.ts';

async function submitMisfits(backend: Backend, count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) {
    await backend.submit(new TestAccount().extrinsic({ nonce: 0, name: 'too-heavy', tip: 9n }));
  }
}

describe('blocks', () => {
  it('hold what was submitted, and are linked, final and readable at once', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    const genesis = backend.best();
    await backend.submit(alice.extrinsic({ nonce: 0, amount: 5n }));
    const block = await backend.manualSeal.newBlock();

    expect(counterOf(backend, alice.id)).toBe(5n);
    expect(backend.header(block.hash)).toMatchObject({ number: 1, parentHash: genesis.hash });
    expect(toHex(blake2b256(backend.encodedHeader(block.hash) ?? new Uint8Array()))).toBe(block.hash);
    expect(backend.body(block.hash)).toHaveLength(2);
    expect([backend.best(), backend.finalized()]).toEqual([block, block]);
    expect(backend.hashAt(1)).toBe(block.hash);
    expect(backend.stateAt(genesis.hash)?.get(counterKey(alice.id))).toBeUndefined();
    expect(backend.changes(block.hash)).toHaveLength(4);
    expect(backend.pending()).toEqual([]);
  });

  it('carry the slot of their time', async () => {
    const { backend } = await manualNode({ now: () => 5000 });
    const { hash } = await backend.manualSeal.newBlock();
    const [slot, seal] = backend.header(hash)?.digest.map(toHex) ?? [];
    expect(slot).toBe('0x0661757261200500000000000000');
    expect(seal).toMatch(/^0x05617572610101[0-9a-f]{128}$/);
  });

  it('prove their state against their header', async () => {
    const { backend } = await manualNode();
    const { hash } = await backend.manualSeal.newBlock();
    const header = backend.header(hash);
    const proof = backend.proof(hash, [NUMBER]) ?? [];
    const root = Buffer.from(header?.stateRoot.slice(2) ?? '', 'hex');
    expect(readValue({ source: proofSource(proof), root }, NUMBER)).toEqual(u32.encode(1));
    expect(backend.closestMerkleValue(hash, new Uint8Array())).toEqual(Uint8Array.from(root));
  });

  it('never go back in time, even when the clock does', async () => {
    let clock = 1_000_000;
    const { backend } = await manualNode({ now: () => clock });
    const times: bigint[] = [];
    for (const now of [1_000_000, 400_000, 400_001, 1_004_500]) {
      clock = now;
      await backend.manualSeal.newBlock();
      times.push(u64.decode(bestState(backend).get(TIME) ?? new Uint8Array(8)));
    }
    expect(times).toEqual([1_000_000n, 1_001_000n, 1_002_000n, 1_004_500n]);
  });

  it('leave out what breaks the runtime, and go on', async () => {
    const { backend, lines } = await manualNode();
    const [alice, mallory] = [new TestAccount(), new TestAccount()];
    const bomb = mallory.extrinsic({ nonce: 0, name: 'break', tip: 9n });
    const seen: string[] = [];
    await backend.watch(bomb, (status) => seen.push(status.type));
    await backend.submit(alice.extrinsic({ nonce: 0 }));
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(1n);
    expect(backend.stateAt(backend.best().hash)?.get(counterKey(mallory.id))).toBeUndefined();
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    await expect(backend.submit(bomb)).rejects.toMatchObject({ code: 'TEMPORARILY_BANNED', rpcCode: 1012 });
    expect(seen).toEqual(['ready', 'invalid']);
  });

  it('wait for the next one when a block is full', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    await backend.submit(alice.extrinsic({ nonce: 0, name: 'too-heavy' }));
    await backend.manualSeal.newBlock();
    expect(backend.pending()).toHaveLength(1);
  });

  it('made on demand take what fits, longer than a slot lasts', async () => {
    const inner = testRuntime();
    const runtime: Runtime = {
      ...inner,
      inForce: () => runtime,
      check(...given) {
        for (const since = performance.now(); performance.now() - since < 10;);
        return inner.check(...given);
      },
    };
    const { backend } = await manualNode({ chainSpec: withSlots(10) }, runtime);
    for (let count = 0; count < 5; count += 1)
      await backend.submit(new TestAccount().extrinsic({ nonce: 0 }));
    await backend.manualSeal.newBlock();
    expect(backend.pending()).toEqual([]);
  });

  it('made on demand are closed when the node is, with what they hold by then', async () => {
    const inner = testRuntime();
    const filling = Promise.withResolvers<void>();
    let isFilling = false;
    const runtime: Runtime = {
      ...inner,
      inForce: () => runtime,
      check(...given) {
        if (isFilling) for (const since = performance.now(); performance.now() - since < 50;);
        if (isFilling) filling.resolve();
        return inner.check(...given);
      },
    };
    const node = await manualNode({}, runtime);
    const made: number[] = [];
    node.onAuthored(({ transactions }) => made.push(transactions));
    for (let count = 0; count < 150; count += 1)
      await node.backend.submit(new TestAccount().extrinsic({ nonce: 0 }));
    isFilling = true;
    const block = node.backend.manualSeal.newBlock();
    await filling.promise;
    await node.close();
    await expect(block).resolves.toMatchObject({ number: 1 });
    expect(made).toHaveLength(1);
    expect(made[0]).toBeLessThan(150);
  });

  it('are not closed by what does not fit, however much it pays, while there is time to look behind it', async () => {
    const { backend } = await manualNode({ chainSpec: withSlots(120_000) });
    await submitMisfits(backend, 12);
    const alice = new TestAccount();
    await backend.submit(alice.extrinsic({ nonce: 0 }));
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(1n);
    expect(backend.pending()).toHaveLength(12);
  });

  it('do not look at a whole pool of what does not fit', async () => {
    const { backend } = await manualNode({ chainSpec: withSlots(120_000) });
    await submitMisfits(backend, 256);
    await backend.submit(new TestAccount().extrinsic({ nonce: 0 }));
    await backend.manualSeal.newBlock();
    expect(backend.pending()).toHaveLength(257);
  });

  it('are tried again after the runtime failed to open one', async () => {
    const { logger, lines } = recorder();
    let failures = 2;
    const runtime = testRuntime({
      onOpen() {
        if (failures-- > 0) throw new TypeError('not today');
      },
    });
    const node = await startNode(
      { chainSpec: withSlots(5), keys: ALICE, temporary: true, logger },
      { runtime },
    );
    await nextBlock(node.backend);
    await node.close();
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('come by the clock, the first one at once, also when there is nothing to put in', async () => {
    const { logger } = recorder();
    const node = await startNode(
      { chainSpec: withSlots(20), keys: ALICE, temporary: true, logger },
      { runtime: testRuntime() },
    );
    const slot = (): number => Math.floor(Date.now() / 20);
    const first = slot();
    await nextBlock(node.backend, ({ number }) => number === 4);
    // One in a slot at most, whenever in it the first one came.
    expect(slot() - first).toBeGreaterThanOrEqual(3);
    await node.close();
    await node.close();
  });

  it('lose their states, but not themselves, when these are old', async () => {
    const { backend } = await manualNode({ pruning: 3 });
    const hashes: Hash[] = [];
    for (let i = 0; i < 6; i++) hashes.push((await backend.manualSeal.newBlock()).hash);
    const [oldest = backend.genesisHash] = hashes;
    expect(hashes.map((hash) => backend.stateAt(hash) !== undefined)).toEqual([
      false,
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(hashes.every((hash) => backend.body(hash)?.length === 1)).toBe(true);
    expect(backend.proof(oldest, [NUMBER])).toBeUndefined();
    expect(() => backend.callRuntime(oldest, 'Counter_of', new Uint8Array(32))).toThrow(
      expect.objectContaining({ code: 'NODE_STATE_UNAVAILABLE' }),
    );
  });
});

describe('a runtime call', () => {
  it('sees the state and leaves no trace in it', async () => {
    const { backend } = await manualNode();
    const { hash } = await backend.manualSeal.newBlock();
    const account = new TestAccount().id;
    for (let i = 0; i < 2; i++)
      expect(backend.callRuntime(hash, 'Counter_of', account)).toEqual(u64.encode(0n));
  });
});

describe('a base path', () => {
  it('keeps the chain', async () => {
    const basePath = await temporaryFolder();
    const alice = new TestAccount();
    const first = await manualNode({ basePath });
    await first.backend.submit(alice.extrinsic({ nonce: 0, amount: 3n }));
    const head = await first.backend.manualSeal.newBlock();
    await first.close();
    const { backend } = await manualNode({ basePath });
    expect([backend.best(), backend.finalized()]).toEqual([head, head]);
    expect(counterOf(backend, alice.id)).toBe(3n);
    expect(backend.syncState()).toEqual({ startingBlock: 1, currentBlock: 1, highestBlock: 1 });
    await backend.manualSeal.newBlock();
    expect(backend.header(backend.best().hash)?.parentHash).toBe(head.hash);
  });

  it('belongs to one genesis', async () => {
    const basePath = await temporaryFolder();
    await (await manualNode({ basePath })).close();
    const other = manualNode({ basePath, chainSpec: { ...SPEC, genesis: { seed: 2 } } });
    await expect(other).rejects.toMatchObject({ code: 'NODE_OTHER_GENESIS' });
    await expect(manualNode({ basePath })).resolves.toBeDefined();
  });

  it('belongs to one node at a time', async () => {
    const basePath = await temporaryFolder();
    const node = await manualNode({ basePath });
    await expect(manualNode({ basePath })).rejects.toMatchObject({ code: 'NODE_DATABASE_IN_USE' });
    await node.close();
    await expect(manualNode({ basePath })).resolves.toBeDefined();
  });

  it('is asked for in one way', async () => {
    const { logger } = recorder();
    const start = (options: object) =>
      startNode({ chainSpec: SPEC, logger, ...options }, { runtime: testRuntime() });
    for (const options of [{}, { basePath: '/x', temporary: true }, { temporary: true, pruning: 0 }]) {
      await expect(start(options)).rejects.toMatchObject({ code: 'NODE_OPTIONS' });
    }
  });
});
