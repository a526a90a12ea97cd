import { toHex } from '@hamster/crypto';
import type { DecodedExtrinsic } from '@hamster/frame';
import type { RuntimeDispatchInfo } from '@polkadot/types/interfaces';
import { beforeEach, describe, expect, it } from 'vitest';
import { HAM } from '../src/index.ts';
import { keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const [alice, bob, charlie] = [keyOf('Alice'), keyOf('Bob'), keyOf('Charlie')];
const FUNDS = 1_000_000n * HAM;
/** What the weight of a transfer costs. */
const WEIGHT_FEE = 40_000_000n;
/** Of what a batch does for each of its calls. */
const ITEM_FEE = 10_000_000n;

let chain: TestChain;
beforeEach(() => {
  chain = new TestChain();
});

const call = (callIndex: readonly [number, number], ...args: readonly unknown[]) =>
  chain.registry.createType('Call', { callIndex, args });

const transfer = (amount: bigint) => call([2, 3], charlie.address, amount);
const names = (): string[] => chain.events().map(([pallet, name]) => `${pallet}.${name}`);

/** What the utility pallet said in the latest block. */
const told = (): string[] => chain.events().flatMap(([pallet, name]) => (pallet === 'utility' ? [name] : []));

describe('utility', () => {
  const run = (name: string) => {
    const calls = [transfer(1n), transfer(2n * FUNDS), transfer(2n)];
    const [result] = chain.block(sign(chain, bob, ['Utility', name, calls]));
    return { result, gained: chain.account(charlie.publicKey).free - FUNDS };
  };

  it('batch stops at a failure and keeps what was before', () => {
    expect(run('batch')).toMatchObject({ result: { ok: true }, gained: 1n });
    expect(told()).toEqual(['ItemCompleted', 'BatchInterrupted']);
  });

  it('batch_all keeps nothing, and fails as the call did', () => {
    const error = { kind: 'Token', name: 'FundsUnavailable' };
    expect(run('batch_all')).toMatchObject({ result: { ok: false, error }, gained: 0n });
    expect(names()).not.toContain('balances.Transfer');
  });

  it('force_batch goes on', () => {
    expect(run('force_batch')).toMatchObject({ result: { ok: true }, gained: 3n });
    expect(told()).toEqual(['ItemCompleted', 'ItemFailed', 'ItemCompleted', 'BatchCompletedWithErrors']);
  });

  it.each([
    ['batch', 20 + 13],
    ['batch_all', 12 + 13],
    ['force_batch', 20 + 21],
  ] as const)('%s may be made with stops, and comes to the same', (name, expected) => {
    const inner = name === 'batch_all' ? 0 : 4;
    // One of them fails, and what it wrote goes.
    const calls = Array.from({ length: 20 }, (_, index) =>
      transfer(index === 12 ? 2n * FUNDS : BigInt(index + 1)),
    );
    const made = (apply: (chain: TestChain, xt: DecodedExtrinsic) => unknown): unknown => {
      const fresh = new TestChain();
      fresh.open();
      apply(fresh, sign(fresh, bob, ['Utility', name, [call([4, inner], calls), ...calls]]));
      fresh.close();
      return [...fresh.state.entries()].map(([key, value]) => `${toHex(key)} ${toHex(value)}`);
    };
    let stops = 0;
    const inSteps = made(({ runtime, state }, xt) => (stops = [...runtime.applyInSteps(state, xt)].length));
    expect(inSteps).toEqual(made(({ runtime, state }, xt) => runtime.applyExtrinsic(state, xt)));
    expect(stops).toBe(expected);
  });

  it.each(['batch', 'batch_all', 'force_batch'])('%s tells of each call, and of the end', (name) => {
    chain.block(sign(chain, bob, ['Utility', name, [transfer(1n), transfer(2n)]]));
    expect(told()).toEqual(['ItemCompleted', 'ItemCompleted', 'BatchCompleted']);
  });

  it('pays only for the calls that were made, also where the batch fails as a whole', () => {
    const paid = (name: string, calls: readonly unknown[]): bigint => {
      const before = chain.account(alice.publicKey).free;
      const { nonce } = chain.account(alice.publicKey);
      chain.block(sign(chain, alice, ['Utility', name, calls], { nonce }));
      return before - chain.account(alice.publicKey).free;
    };
    const [possible, impossible] = [transfer(0n), transfer(2n * FUNDS)];
    for (const name of ['batch', 'batch_all']) {
      const last = paid(name, [possible, possible, impossible]);
      const first = paid(name, [impossible, possible, possible]);
      const all = paid('force_batch', [impossible, possible, possible]);
      expect([name, last - first]).toEqual([name, 2n * (WEIGHT_FEE + ITEM_FEE)]);
      expect(all).toBe(last);
    }
  });

  it('is operational only where all of its calls are, and so is sudo', () => {
    const of = (...args: readonly [pallet: string, call: string, ...args: readonly unknown[]]): string => {
      const { bytes } = sign(chain, alice, args);
      const length = Uint8Array.of(bytes.length & 255, bytes.length >> 8, 0, 0);
      const info = chain.runtime.call(
        chain.state,
        'TransactionPaymentApi_query_info',
        Uint8Array.from([...bytes, ...length]),
      );
      return chain.registry.createType<RuntimeDispatchInfo>('RuntimeDispatchInfo', info).class.type;
    };
    const operational = call([14, 4], { era: 60_000 });
    const batch = (...calls: readonly unknown[]) => call([4, 2], calls);
    expect(of('Validators', 'set_parameters', { era: 60_000 })).toBe('Operational');
    expect(of('Utility', 'batch', [operational, operational])).toBe('Operational');
    expect(of('Utility', 'batch', [operational, transfer(1n)])).toBe('Normal');
    expect(of('Utility', 'batch', [transfer(1n), operational])).toBe('Normal');
    expect(of('Utility', 'force_batch', [])).toBe('Normal');
    expect(of('Sudo', 'sudo', batch(operational))).toBe('Operational');
    expect(of('Sudo', 'sudo', batch(operational, batch()))).toBe('Normal');
    expect(of('Sudo', 'sudo_as', bob.address, operational)).toBe('Operational');
    expect(of('Sudo', 'sudo', call([1, 0], 5n))).toBe('Normal');
  });

  const batch = (name: 'batch' | 'batch_all' | 'force_batch', ...calls: readonly unknown[]) =>
    call([4, { batch: 0, batch_all: 2, force_batch: 4 }[name]], calls);
  const filtered = { kind: 'Module', pallet: 'System', name: 'CallFiltered' };

  it('has no batch_all inside of another one, at any depth, as FRAME has none', () => {
    const inner = batch('batch_all', transfer(1n));
    for (const calls of [[inner], [batch('batch_all', batch('batch_all'))]]) {
      const { nonce } = chain.account(bob.publicKey);
      const [result] = chain.block(sign(chain, bob, ['Utility', 'batch_all', calls], { nonce }));
      expect(result).toMatchObject({ ok: false, error: filtered });
    }
    const { nonce } = chain.account(bob.publicKey);
    // The batch in between ends as it does for any call that fails; what goes on around it stays.
    const deep = [
      batch('batch', transfer(2n), inner, transfer(4n)),
      batch('force_batch', inner, transfer(8n)),
    ];
    expect(chain.block(sign(chain, bob, ['Utility', 'batch_all', deep], { nonce }))).toMatchObject([
      { ok: true },
    ]);
    expect(chain.account(charlie.publicKey).free - FUNDS).toBe(10n);
    expect(names().filter((name) => name === 'utility.BatchInterrupted')).toHaveLength(1);
  });

  it('has any other batch inside of one, and root has all of them', () => {
    const inner = batch('batch_all', transfer(1n));
    const calls = [inner, batch('batch', inner), batch('force_batch', inner, batch('batch', inner))];
    for (const name of ['batch', 'force_batch']) {
      const { nonce } = chain.account(bob.publicKey);
      chain.block(sign(chain, bob, ['Utility', name, calls], { nonce }));
      expect(names()).not.toContain('utility.ItemFailed');
      expect(names()).not.toContain('utility.BatchInterrupted');
    }
    expect(chain.account(charlie.publicKey).free - FUNDS).toBe(8n);
    const setBalance = call([2, 8], charlie.address, 5n * HAM);
    const asRoot = batch('batch_all', batch('batch_all', setBalance));
    chain.block(sign(chain, alice, ['Sudo', 'sudo', asRoot]));
    expect(chain.account(charlie.publicKey).free).toBe(5n * HAM);
  });

  it('takes as many calls as the limit says, and refuses more', () => {
    const calls = Array.from({ length: 257 }, () => transfer(1n));
    const error = { kind: 'Module', pallet: 'Utility', name: 'TooManyCalls' };
    const sent = [calls.slice(1), calls].map((each, nonce) =>
      sign(chain, bob, ['Utility', 'batch', each], { nonce }),
    );
    expect(chain.block(...sent)).toMatchObject([{ ok: true }, { ok: false, error }]);
  });
});

describe('sudo', () => {
  it('lets only the key act as root', () => {
    const setBalance = call([2, 8], charlie.address, 5n * HAM);
    const error = { kind: 'Module', pallet: 'Sudo', name: 'RequireSudo' };
    expect(chain.block(sign(chain, bob, ['Sudo', 'sudo', setBalance]))).toMatchObject([{ ok: false, error }]);
    expect(chain.block(sign(chain, alice, ['Sudo', 'sudo', setBalance]))).toMatchObject([{ ok: true }]);
    expect(chain.account(charlie.publicKey).free).toBe(5n * HAM);
  });

  it('tells how the call ended', () => {
    const impossible = call([2, 2], bob.address, charlie.address, 2n * FUNDS);
    chain.block(sign(chain, alice, ['Sudo', 'sudo', impossible]));
    const sudid = chain.events().find(([, name]) => name === 'Sudid');
    expect(String(sudid?.[2])).toContain('FundsUnavailable');
  });

  it('lets the key act as anybody, with their rights and no more', () => {
    const as = (inner: unknown) => ['Sudo', 'sudo_as', bob.address, inner] as const;
    const error = { kind: 'Module', pallet: 'Sudo', name: 'RequireSudo' };
    expect(chain.block(sign(chain, charlie, as(transfer(HAM))))).toMatchObject([{ ok: false, error }]);
    chain.block(sign(chain, alice, as(transfer(HAM))));
    expect(chain.account(bob.publicKey).free).toBe(FUNDS - HAM);
    expect(names()).toContain('sudo.SudoAsDone');
    chain.block(sign(chain, alice, as(call([2, 8], charlie.address, 0n)), { nonce: 1 }));
    const done = chain.events().find(([, name]) => name === 'SudoAsDone');
    expect(String(done?.[2])).toContain('badOrigin');
  });

  it('gives the key up for good', () => {
    chain.block(sign(chain, alice, ['Sudo', 'remove_key']));
    expect(names()).toContain('sudo.KeyRemoved');
    const error = { kind: 'Module', pallet: 'Sudo', name: 'RequireSudo' };
    const remark = call([0, 0], '0x00');
    expect(chain.block(sign(chain, alice, ['Sudo', 'sudo', remark], { nonce: 1 }))).toMatchObject([
      { ok: false, error },
    ]);
  });

  it('leaves the key with whoever has it, whatever others say', () => {
    const error = { kind: 'Module', pallet: 'Sudo', name: 'RequireSudo' };
    const [handed, removed] = chain.block(
      sign(chain, bob, ['Sudo', 'set_key', bob.address]),
      sign(chain, bob, ['Sudo', 'remove_key'], { nonce: 1 }),
    );
    expect([handed, removed]).toMatchObject([{ error }, { error }]);
    const remark = call([0, 0], '0x00');
    expect(chain.block(sign(chain, alice, ['Sudo', 'sudo', remark]))).toMatchObject([{ ok: true }]);
  });

  it('hands the key on', () => {
    chain.block(sign(chain, alice, ['Sudo', 'set_key', bob.address]));
    expect(names()).toContain('sudo.KeyChanged');
    const remark = call([0, 0], '0x00');
    expect(chain.block(sign(chain, bob, ['Sudo', 'sudo', remark]))).toMatchObject([{ ok: true }]);
    expect(chain.block(sign(chain, alice, ['Sudo', 'sudo', remark], { nonce: 1 }))).toMatchObject([
      { ok: false },
    ]);
  });
});
