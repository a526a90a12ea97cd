import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Backend, TransactionStatus } from '../../src/index.ts';
import { accountNonce } from '../../src/rpc/account-nonce.ts';
import { bestState, counterOf, manualNode, withSlots } from './harness.ts';
import { counterKey, TestAccount, testRuntime } from './test-runtime.ts';

/** What a watcher was told, and a way to wait for more of it. */
async function watched(backend: Backend, extrinsic: Uint8Array) {
  const told: TransactionStatus[] = [];
  const waiting = new Set<() => void>();
  const { hash, unsubscribe } = await backend.watch(extrinsic, (status) => {
    told.push(status);
    for (const wake of waiting) wake();
  });
  const until = (type: TransactionStatus['type']) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (told.some((status) => status.type === type)) resolve();
      };
      waiting.add(check);
      check();
    });
  return { hash, unsubscribe, until, types: () => told.map(({ type }) => type), told };
}

/** What a block would take, in its order. */
const readyOf = (backend: Backend): (Uint8Array | undefined)[] =>
  [...backend.ready()].filter((bytes) => bytes !== undefined);

const rejection = (rpcCode: number, code: string) => expect.objectContaining({ rpcCode, code }) as object;

describe('the pool', () => {
  it('tells a watcher everything, from ready to finalized', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    const watch = await watched(backend, alice.extrinsic({ nonce: 0 }));
    expect(watch.types()).toEqual([]);
    const block = await backend.manualSeal.newBlock();
    await watch.until('finalized');
    expect(watch.told).toEqual([
      { type: 'ready' },
      { type: 'inBlock', block: block.hash, index: 1 },
      { type: 'finalized', block: block.hash, index: 1 },
    ]);
  });

  it('lets the future wait for what is missing', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    const later = await watched(backend, alice.extrinsic({ nonce: 2 }));
    await backend.submit(alice.extrinsic({ nonce: 1 }));
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(0n);
    await backend.submit(alice.extrinsic({ nonce: 0 }));
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(3n);
    await later.until('finalized');
    expect(later.types()).toEqual(['future', 'ready', 'inBlock', 'finalized']);
  });

  it('readies what waited for a transaction that is in a block by now', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    await backend.submit(alice.extrinsic({ nonce: 0 }));
    await backend.submit(alice.extrinsic({ nonce: 1, name: 'too-heavy' }));
    await backend.submit(alice.extrinsic({ nonce: 2 }));
    await backend.manualSeal.newBlock();
    await backend.submit(alice.extrinsic({ nonce: 1, tip: 1n }));
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(3n);
  });

  it('tells the next nonce of an account without reading what others have in it', async () => {
    const runtime = testRuntime();
    const decode = vi.spyOn(runtime, 'decodeExtrinsic');
    const { backend } = await manualNode({}, runtime);
    const alice = new TestAccount();
    const others = Array.from({ length: 100 }, () => new TestAccount().extrinsic({ nonce: 0 }));
    const own = [0, 1, 3].map((nonce) => alice.extrinsic({ nonce }));
    await Promise.all([...others, ...own].map((extrinsic) => backend.submit(extrinsic)));
    decode.mockClear();
    expect(backend.pendingNonces(alice.id)).toEqual(new Set([0, 1, 3]));
    expect(accountNonce(backend, alice.id)).toBe(2);
    expect(decode).not.toHaveBeenCalled();
    await backend.manualSeal.newBlock();
    expect(backend.pendingNonces(alice.id)).toEqual(new Set([3]));
    expect(accountNonce(backend, alice.id)).toBe(2);
  });

  it('puts first what pays most, but never before what it depends on', async () => {
    const { backend } = await manualNode();
    const [alice, bob, carol] = [new TestAccount(), new TestAccount(), new TestAccount()];
    const poor = alice.extrinsic({ nonce: 0, tip: 1n });
    const rich = alice.extrinsic({ nonce: 1, tip: 100n });
    const middle = bob.extrinsic({ nonce: 0, tip: 50n });
    const late = carol.extrinsic({ nonce: 0, tip: 1n });
    for (const each of [poor, rich, middle, late]) await backend.submit(each);
    expect(readyOf(backend)).toEqual([middle, poor, rich, late]);
    expect(backend.pending()).toEqual([poor, rich, middle, late]);
    const { hash } = await backend.manualSeal.newBlock();
    expect(backend.body(hash)?.slice(1)).toEqual([middle, poor, rich, late]);
  });

  it('lists what a block could take step by step, without what leaves or comes meanwhile', async () => {
    const { backend } = await manualNode();
    const accounts = Array.from({ length: 20 }, () => new TestAccount());
    const extrinsics = accounts.map((each) => each.extrinsic({ nonce: 0 }));
    const hashes = await Promise.all(extrinsics.map((each) => backend.submit(each)));
    const steps = backend.ready()[Symbol.iterator]();
    // Nothing is told before all of them are in order.
    expect(extrinsics.map(() => steps.next())).toEqual(extrinsics.map(() => ({ done: false })));
    expect(steps.next().value).toEqual(extrinsics[0]);
    backend.withdraw(hashes[5] ?? '0x', { ban: false });
    await backend.submit(new TestAccount().extrinsic({ nonce: 0, tip: 9n }));
    const others: (Uint8Array | undefined)[] = [];
    for (let next = steps.next(); !next.done; next = steps.next()) others.push(next.value);
    expect(others).toEqual(extrinsics.slice(1).map((each, at) => (at === 4 ? undefined : each)));
  });

  it('replaces a transaction by one that pays more, and by no other', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    const first = await watched(backend, alice.extrinsic({ nonce: 0, tip: 5n, amount: 1n }));
    const next = await watched(backend, alice.extrinsic({ nonce: 1, tip: 5n, amount: 1n }));
    const equal = backend.submit(alice.extrinsic({ nonce: 0, tip: 5n, amount: 2n }));
    await expect(equal).rejects.toEqual(rejection(1014, 'TOO_LOW_PRIORITY'));
    const better = await backend.submit(alice.extrinsic({ nonce: 0, tip: 6n, amount: 10n }));
    await first.until('usurped');
    expect(first.told.at(-1)).toEqual({ type: 'usurped', by: better });
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(11n);
    await next.until('finalized');
  });

  it('refuses in the words of Substrate', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    const good = alice.extrinsic({ nonce: 0 });
    const hash = await backend.submit(good);
    await expect(backend.submit(good)).rejects.toMatchObject({ rpcCode: 1013, data: hash });
    await expect(backend.submit(Uint8Array.of(4, 9))).rejects.toEqual(rejection(1002, 'BAD_FORMAT'));
    await expect(backend.submit(new Uint8Array(2 ** 20 + 1))).rejects.toEqual(rejection(1010, 'TOO_LONG'));
    await expect(backend.submit(alice.extrinsic({ nonce: 1, forged: true }))).rejects.toMatchObject({
      rpcCode: 1010,
      message: 'Invalid Transaction',
      data: 'Transaction has a bad signature',
    });
    await backend.manualSeal.newBlock();
    await expect(backend.submit(good)).rejects.toMatchObject({
      rpcCode: 1010,
      data: 'Transaction is outdated',
    });
    const breaking = backend.submit(alice.extrinsic({ nonce: 1, name: 'break-validate' }));
    await expect(breaking).rejects.toEqual(rejection(1002, 'VERIFICATION'));
  });

  it('takes the same extrinsic once, also when it comes twice at the same time', async () => {
    const { backend } = await manualNode();
    const extrinsic = new TestAccount().extrinsic({ nonce: 0 });
    const results = await Promise.allSettled([backend.submit(extrinsic), backend.submit(extrinsic)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(backend.pending()).toHaveLength(1);
  });

  it('has a signature verified again where the block asks for another statement than the pool did', async () => {
    const runtime = testRuntime();
    const check = runtime.check.bind(runtime);
    let isOtherChain = false;
    runtime.check = (state, extrinsic) => {
      const claim = check(state, extrinsic);
      return claim && isOtherChain ? { ...claim, message: Uint8Array.of(...claim.message, 1) } : claim;
    };
    const { backend } = await manualNode({}, runtime);
    const alice = new TestAccount();
    const watch = await watched(backend, alice.extrinsic({ nonce: 0 }));
    isOtherChain = true;
    const { hash } = await backend.manualSeal.newBlock();
    expect(backend.body(hash)).toHaveLength(1);
    await watch.until('invalid');
    expect(watch.types()).toEqual(['ready', 'invalid']);
  });

  it('bounds what one account may leave in it', async () => {
    const { backend } = await manualNode({ pool: { maxPerAccount: 2 } });
    const [alice, bob] = [new TestAccount(), new TestAccount()];
    await backend.submit(alice.extrinsic({ nonce: 0 }));
    await backend.submit(alice.extrinsic({ nonce: 1 }));
    await expect(backend.submit(alice.extrinsic({ nonce: 2 }))).rejects.toEqual(
      rejection(1016, 'IMMEDIATELY_DROPPED'),
    );
    await backend.submit(alice.extrinsic({ nonce: 1, tip: 1n }));
    await backend.submit(bob.extrinsic({ nonce: 0 }));
    expect(backend.pending()).toHaveLength(3);
  });

  it('lets the cheapest go for one that pays more when it is full', async () => {
    const { backend } = await manualNode({ pool: { maxTransactions: 2 } });
    const [alice, bob, carol] = [new TestAccount(), new TestAccount(), new TestAccount()];
    const cheap = await watched(backend, alice.extrinsic({ nonce: 0, tip: 1n }));
    await backend.submit(bob.extrinsic({ nonce: 0, tip: 5n }));
    await expect(backend.submit(carol.extrinsic({ nonce: 0, tip: 1n }))).rejects.toEqual(
      rejection(1016, 'IMMEDIATELY_DROPPED'),
    );
    await backend.submit(carol.extrinsic({ nonce: 0, tip: 3n }));
    await cheap.until('dropped');
    expect(backend.pending()).toHaveLength(2);
  });

  it('bounds the future, and lets the oldest of it go', async () => {
    const { backend } = await manualNode({ pool: { maxFuture: 1 } });
    const [alice, bob, carol] = [new TestAccount(), new TestAccount(), new TestAccount()];
    const old = await watched(backend, alice.extrinsic({ nonce: 1 }));
    await backend.submit(bob.extrinsic({ nonce: 1 }));
    await old.until('dropped');
    await backend.submit(carol.extrinsic({ nonce: 0 }));
    expect(backend.pending()).toHaveLength(2);
  });

  it('has one replace another, also where no more may wait for others', async () => {
    const { backend } = await manualNode({ pool: { maxFuture: 2 } });
    const [alice, bob] = [new TestAccount(), new TestAccount()];
    const old = await watched(backend, alice.extrinsic({ nonce: 1 }));
    await backend.submit(bob.extrinsic({ nonce: 1 }));
    const better = bob.extrinsic({ nonce: 1, tip: 1n });
    await backend.submit(better);
    expect(backend.pending()).toEqual([alice.extrinsic({ nonce: 1 }), better]);
    expect(old.types()).toEqual(['future']);
  });

  it('bounds the future also of those that wait for one that waits itself', async () => {
    const { backend } = await manualNode({ pool: { maxFuture: 2 } });
    const alice = new TestAccount();
    for (const nonce of [1, 2, 3]) await backend.submit(alice.extrinsic({ nonce }));
    expect(backend.pending()).toEqual([2, 3].map((nonce) => alice.extrinsic({ nonce })));
  });

  it('takes no byte more than it may for one that replaces the oldest of those that wait', async () => {
    const [alice, bob] = [new TestAccount(), new TestAccount()];
    const [old, ready] = [alice.extrinsic({ nonce: 1 }), bob.extrinsic({ nonce: 0, tip: 9n })];
    const better = alice.extrinsic({ nonce: 1, tip: 1n, name: 'a longer name of the same' });
    const maxBytes = old.length + ready.length;
    const { backend } = await manualNode({ pool: { maxFuture: 1, maxBytes } });
    for (const each of [old, ready]) await backend.submit(each);
    await expect(backend.submit(better)).rejects.toEqual(rejection(1016, 'IMMEDIATELY_DROPPED'));
    expect(backend.pending()).toEqual([ready, old]);
  });

  it.each([
    [0, 0],
    [0, 64],
    [5, 0],
    [5, 64],
  ])(
    'calls nonce %d invalid with the last block of its era, when it looks at %d again',
    async (nonce, revalidatedPerBlock) => {
      // No block takes it, ready or not.
      const { backend } = await manualNode({ pool: { revalidatedPerBlock } });
      const extrinsic = new TestAccount().extrinsic({ nonce, name: 'short-lived' });
      const old = await watched(backend, extrinsic);
      for (const left of [2, 1]) {
        await backend.manualSeal.newBlock();
        expect([left, backend.pending()]).toEqual([left, [extrinsic]]);
      }
      await backend.manualSeal.newBlock();
      expect(backend.pending()).toEqual([]);
      await old.until('invalid');
      expect(old.types()).toEqual([nonce === 0 ? 'ready' : 'future', 'invalid']);
    },
  );

  it('goes on with what waits for one that is in the last block of its era', async () => {
    const { backend } = await manualNode();
    const alice = new TestAccount();
    for (let number = 1; number < 3; number++) await backend.manualSeal.newBlock();
    const last = await watched(backend, alice.extrinsic({ nonce: 0, name: 'brief' }));
    const next = await watched(backend, alice.extrinsic({ nonce: 1, name: 'too-heavy' }));
    // A host on which each look at the clock takes a millisecond: what is in the block leaves between other things.
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now++);
    onTestFinished(() => clock.mockRestore());
    await backend.manualSeal.newBlock();
    clock.mockRestore();
    await last.until('finalized');
    expect(last.types()).toEqual(['ready', 'inBlock', 'finalized']);
    await backend.manualSeal.newBlock();
    expect(backend.pending()).toHaveLength(1);
    expect(next.types()).toEqual(['ready']);
  });

  it('tells nothing to those who left', async () => {
    const { backend } = await manualNode();
    const watch = await watched(backend, new TestAccount().extrinsic({ nonce: 0 }));
    watch.unsubscribe();
    await backend.manualSeal.newBlock();
    expect(watch.types()).toEqual([]);
  });

  it('empties a long queue of one account over many blocks, in order', async () => {
    const { backend } = await manualNode({ chainSpec: withSlots(1_000_000) });
    const alice = new TestAccount();
    const extrinsics = Array.from({ length: 300 }, (_, nonce) => alice.extrinsic({ nonce }));
    await Promise.all(extrinsics.toReversed().map((each) => backend.submit(each)));
    expect(readyOf(backend)).toEqual(extrinsics);
    await backend.manualSeal.newBlock();
    expect(counterOf(backend, alice.id)).toBe(300n);
    expect(bestState(backend).get(counterKey(alice.id))).toBeDefined();
  });
});
