import { concatBytes } from '@hamster/frame';
import { compact, u128, u32 } from '@hamster/scale';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readMetadata } from '../src/facts/metadata.ts';
import { damaged, Encodings } from './support/arbitraries.ts';
import { BothRuntimes, hexOf, keyOf } from './support/client.ts';

const both = new BothRuntimes();
beforeEach(() => both.reset());
// Hundreds of cases each, on machines that have other things to do.
vi.setConfig({ testTimeout: 120_000 });

const encodings = new Encodings(readMetadata(both.runtime.metadata(15)));
const lengths = fc.integer({ min: 0, max: 0xffff_ffff });
const CALL_QUERIES = [
  'TransactionPaymentCallApi_query_call_info',
  'TransactionPaymentCallApi_query_call_fee_details',
];
const QUERIES = ['TransactionPaymentApi_query_info', 'TransactionPaymentApi_query_fee_details'];

const expectSame = (method: string, ...args: readonly Uint8Array[]): string => {
  const { rules, wasm } = both.ask(method, ...args);
  expect(wasm).toBe(rules);
  return wasm;
};

describe('the cost of a call', () => {
  it('is that of the rules, for any call with any arguments, and calls inside of calls', () => {
    fc.assert(
      fc.property(encodings.call(), lengths, (call, length) => {
        for (const method of CALL_QUERIES) {
          expect(expectSame(method, call, u32.encode(length)), hexOf(call)).not.toBe('refused');
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([0, 1, 499, 500, 501, 16_383, 16_384, 100_000])('grows with a remark of %i bytes', (length) => {
    const call = both.call('System', 'remark', `0x${'2a'.repeat(length)}`);
    expect(expectSame('TransactionPaymentCallApi_query_call_info', call, u32.encode(0))).not.toBe('refused');
  });

  it.each([0, 1, 63, 64, 256])('grows with a batch of %i calls', (count) => {
    const inner = both.call('System', 'remark', '0x00');
    const call = both.call(
      'Utility',
      'batch_all',
      Array.from({ length: count }, () => inner),
    );
    expect(expectSame('TransactionPaymentCallApi_query_call_info', call, u32.encode(0))).not.toBe('refused');
  });

  it('is bounded by what a whole block costs', () => {
    const inner = both.call('Validators', 'add_validator', new Uint8Array(32), {
      aura: new Uint8Array(32),
      grandpa: new Uint8Array(32),
    });
    const call = both.call(
      'Utility',
      'batch_all',
      Array.from({ length: 2_000 }, () => inner),
    );
    const info = expectSame('TransactionPaymentCallApi_query_call_info', call, u32.encode(0));
    expect(info.slice(-32)).toBe(hexOf(u128.encode(10n ** 12n + 40_000_000n)).slice(2));
  });

  it('is of the class of the calls inside, where these are all of one', () => {
    const normal = both.call('System', 'remark', '0x00');
    const operational = both.call('Validators', 'set_parameters', { era: 60_000 });
    const batch = (...calls: readonly Uint8Array[]) => both.call('Utility', 'force_batch', calls);
    const sudo = (inner: Uint8Array) => both.call('Sudo', 'sudo', inner);
    const cases = [
      ...[batch(), batch(normal), batch(operational), batch(operational, operational)],
      ...[batch(normal, operational), batch(operational, normal), batch(batch(operational), operational)],
      ...[batch(operational, batch()), sudo(normal), sudo(operational), sudo(batch(operational))],
      sudo(both.call('Timestamp', 'set', 5)),
    ];
    const classes = cases.map((call) => {
      const info = expectSame('TransactionPaymentCallApi_query_call_info', call, u32.encode(0));
      // Behind two compact numbers, in front of a fee of 16 bytes.
      return Number.parseInt(info.slice(-34, -32), 16);
    });
    expect(classes).toEqual([0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0]);
  });

  it('is refused beyond the depth to which the rules read', () => {
    const [sudo, remark] = [
      both.call('Sudo', 'sudo', both.call('System', 'remark', '0x')),
      Uint8Array.of(0, 0, 0),
    ];
    const prefix = sudo.subarray(0, 2);
    const nested = (depth: number) => concatBytes(...Array.from({ length: depth }, () => prefix), remark);
    const answers = [1, 255, 256, 257, 5_000].map((depth) =>
      expectSame('TransactionPaymentCallApi_query_call_info', nested(depth), u32.encode(0)),
    );
    expect(answers.map((answer) => answer === 'refused')).toEqual([false, false, false, true, true]);
  });

  it('of bytes that are no call is refused', () => {
    const calls = [
      both.call('Balances', 'transfer_keep_alive', keyOf('Bob').address, 10n ** 15n),
      both.call('Utility', 'batch', [
        both.call('System', 'remark', '0x0102'),
        both.call('Balances', 'transfer_all', keyOf('Bob').address, true),
      ]),
      both.call('Timestamp', 'set', 1_700_000_000_000n),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...calls).chain(damaged), (call) => {
        expectSame('TransactionPaymentCallApi_query_call_info', call, u32.encode(0));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the fee of an extrinsic', () => {
  const argument = (extrinsic: Uint8Array, length: number) => concatBytes(extrinsic, u32.encode(length));

  it.each(['sr25519', 'ed25519', 'ecdsa'] as const)('signed by %s', (scheme) => {
    const call = both.call('Balances', 'transfer_keep_alive', keyOf('Bob').address, 1n);
    const extrinsic = both.sign(keyOf('Alice', scheme), call, { period: 64, tip: 1n << 70n });
    for (const method of QUERIES) {
      expect(expectSame(method, argument(extrinsic, extrinsic.length))).not.toBe('refused');
    }
  });

  it('that is bare is nothing', () => {
    const [bare = new Uint8Array()] = both.runtime.inherents({ now: 1n });
    for (const method of QUERIES) expect(expectSame(method, argument(bare, bare.length))).not.toBe('refused');
  });

  it('with a signature that is not there yet, as wallets ask, is the same', () => {
    const call = both.call('System', 'remark', '0x00');
    const extrinsic = both.sign(keyOf('Alice'), call);
    const unsigned = extrinsic.fill(0, 37, 101);
    expect(expectSame('TransactionPaymentApi_query_info', argument(unsigned, 300))).not.toBe('refused');
  });

  it('of bytes, and of the chain’s rate, is the rules’ own', () => {
    fc.assert(
      fc.property(lengths, (length) => {
        expectSame('TransactionPaymentApi_query_length_to_fee', u32.encode(length));
        expectSame('TransactionPaymentCallApi_query_length_to_fee', u32.encode(length));
      }),
    );
  });

  it('that has damage is refused where the rules refuse it', () => {
    const call = both.call('System', 'remark', '0x0102');
    const extrinsic = both.sign(keyOf('Alice'), call, { period: 64, tip: 5n }).slice(1);
    fc.assert(
      fc.property(damaged(extrinsic), lengths, (bytes, length) => {
        const prefixed = concatBytes(compact(u32).encode(bytes.length), bytes);
        expectSame('TransactionPaymentApi_query_info', argument(prefixed, length));
      }),
      { numRuns: 300 },
    );
  });
});
