import { InvalidTransaction, UnknownRuntimeApi } from '@hamster/frame';
import { bytes as lengthPrefixed, compact, ScaleError, u128, u32 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoTimeGiven } from '../src/apis/inherents.ts';
import { InvalidBlock } from '../src/index.ts';
import { damaged, typesOf } from './support/arbitrary-bytes.ts';
import { provider, renter, TestMarket } from './support/market.ts';

const market = new TestMarket();
market.stake();
market.machine();
market.order();
market.accept(1);
const { calls, methods } = typesOf(market.runtime, [renter.publicKey, provider.publicKey]);

/** What a node turns into an answer. Anything else is a bug. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ScaleError ||
  error instanceof InvalidTransaction ||
  error instanceof UnknownRuntimeApi ||
  error instanceof NoTimeGiven ||
  error instanceof InvalidBlock;

/** Whether it was answered; on a layer that is then forgotten. */
const isAnswered = (method: string, args: Uint8Array): boolean => {
  market.state.begin();
  try {
    market.runtime.call(market.state, method, args);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return false;
  } finally {
    market.state.rollback();
  }
};

/** Era, nonce, tip, and whether the metadata was signed along. */
type Extra = Uint8Array;

/** As far as anybody sees who leaves the signature to others. */
const signedWith = (extra: Extra, call: Uint8Array, { publicKey } = renter): Uint8Array =>
  lengthPrefixed.encode(Uint8Array.of(0x84, 0, ...publicKey, 1, ...new Uint8Array(64), ...extra, ...call));

/** By Alice; immortal, without a tip. */
const signedBy = (call: Uint8Array, nonce: number): Uint8Array =>
  signedWith(Uint8Array.of(0, nonce << 2, 0, 0), call);

/** Eras of any two bytes; nonces and tips at the edges of what they can be. */
const extras = (nonce: number): fc.Arbitrary<Extra> =>
  fc
    .tuple(
      fc.oneof(fc.constant(Uint8Array.of(0)), fc.uint8Array({ minLength: 2, maxLength: 2 })),
      fc
        .constantFrom(nonce, nonce, nonce, nonce + 1, 0, 2 ** 32 - 1)
        .map((each) => compact(u32).encode(each)),
      fc.constantFrom(0n, 0n, 1n, 2n ** 64n, 2n ** 128n - 1n).map((tip) => compact(u128).encode(tip)),
      fc.constantFrom(0, 0, 1, 2).map((mode) => Uint8Array.of(mode)),
    )
    .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

describe('runtime APIs', () => {
  it.each(methods)(
    '$method: arguments of the right form, damaged ones, and any bytes',
    ({ method, args }) => {
      const hostile = fc.oneof(args, damaged(args), fc.uint8Array({ maxLength: 200 }));
      fc.assert(
        fc.property(hostile, (input) => void isAnswered(method, input)),
        { numRuns: 200 },
      );
    },
  );

  it('answer most of what has the right form, so that the above reaches their insides', () => {
    const ours = methods.filter(({ method }) => /^(Market|Leases|Withdrawable)Api_/.test(method));
    expect(ours.length).toBeGreaterThanOrEqual(5);
    for (const { method, args } of ours) {
      const answers = fc.sample(args, { numRuns: 50, seed: 1 }).map((input) => isAnswered(method, input));
      expect(answers).toEqual(answers.map(() => true));
    }
  });
});

describe('extrinsics', () => {
  const isDecoded = (input: Uint8Array): boolean => {
    try {
      market.runtime.decodeExtrinsic(input);
      return true;
    } catch (error) {
      if (error instanceof InvalidTransaction) return false;
      throw error;
    }
  };

  it('of any well-formed call are decoded', () => {
    fc.assert(
      fc.property(calls, (call) => {
        expect(isDecoded(signedBy(call, 0))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('are refused when damaged, or are others', () => {
    const xts = calls.map((call) => signedBy(call, 0));
    fc.assert(
      fc.property(damaged(xts), (input) => void isDecoded(input)),
      { numRuns: 2_000 },
    );
  });

  it('with damaged calls behind a true length are refused, or are others', () => {
    const xts = damaged(calls).map((call) => signedBy(call, 0));
    fc.assert(
      fc.property(xts, (input) => void isDecoded(input)),
      { numRuns: 2_000 },
    );
  });

  it(
    'are decoded, checked, validated and carried out as a node does it, or refused',
    { timeout: 120_000 },
    () => {
      const signers = fc
        .constantFrom(renter, provider)
        .chain((key) => fc.tuple(extras(market.account(key.publicKey).nonce), calls, fc.constant(key)));
      const xts = signers.map((parts) => signedWith(...parts));
      const options = fc.record({ signatureValid: fc.boolean(), isNext: fc.boolean() });
      fc.assert(
        fc.property(fc.oneof(xts, damaged(xts)), options, (bytes, { signatureValid, isNext }) => {
          market.state.begin();
          try {
            const blockHash = isNext ? market.hashOf(market.best) : undefined;
            refusing(() => {
              const xt = market.runtime.decodeExtrinsic(bytes);
              market.runtime.check(market.state, xt, blockHash);
              market.runtime.validate(market.state, xt, {
                signatureValid,
                source: 'External',
                ...(blockHash && { blockHash }),
              });
            });
            market.open();
            refusing(() =>
              market.runtime.applyExtrinsic(market.state, market.runtime.decodeExtrinsic(bytes)),
            );
            market.close();
          } finally {
            market.state.rollback();
          }
        }),
        { numRuns: 200 },
      );
    },
  );

  it('carried out in blocks keep every invariant, and no bug goes unnoticed', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(fc.array(calls, { minLength: 1, maxLength: 20 }), (sequence) => {
        market.state.begin();
        try {
          market.open();
          sequence.forEach((call) => applyOrRefuse(signedBy(call, market.account(renter.publicKey).nonce)));
          market.close();
          expect(market.faults).toEqual([]);
        } finally {
          market.state.rollback();
        }
      }),
      { numRuns: 40 },
    );
  });
});

const refusing = (act: () => unknown): void => {
  try {
    act();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
};

const applyOrRefuse = (xt: Uint8Array): void =>
  refusing(() => market.runtime.applyExtrinsic(market.state, market.runtime.decodeExtrinsic(xt)));
