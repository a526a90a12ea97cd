import { InvalidTransaction } from '@hamster/frame';
import { bytes, compact, ScaleError, u32 } from '@hamster/scale';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf, TestChain } from './support/chain.ts';
import { sign } from './support/sign.ts';

const alice = keyOf('Alice');
const chain = new TestChain();

const samples = [
  sign(chain, alice, ['Balances', 'transfer_keep_alive', alice.address, 5n], { period: 64, tip: 1n }),
  sign(chain, alice, ['Utility', 'batch', [{ callIndex: [0, 0], args: ['0x00'] }]]),
  sign(chain, alice, ['ResourceOrder', 'heartbeat', []]),
].map((xt) => xt.bytes);

const decodes = (input: Uint8Array): boolean => {
  try {
    chain.runtime.decodeExtrinsic(input);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidTransaction);
    return false;
  }
};

/** A remark inside of so many batches. */
const nestedBatch = (depth: number): Uint8Array => {
  const batches = Array.from({ length: depth }, () => [4, 0, 4]).flat();
  return Uint8Array.of(...batches, 0, 0, 0);
};

/** Bare, version 4. */
const extrinsicOf = (call: Uint8Array): Uint8Array => bytes.encode(Buffer.concat([Uint8Array.of(4), call]));

describe('hostile bytes', () => {
  it('random ones are refused in one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (input) => void decodes(input)),
      { numRuns: 2_000 },
    );
  });

  it('damaged extrinsics are refused, or are other extrinsics', () => {
    const damage = fc.record({
      sample: fc.constantFrom(...samples),
      at: fc.nat(200),
      value: fc.nat(255),
      cut: fc.nat(4),
    });
    fc.assert(
      fc.property(damage, ({ sample, at, value, cut }) => {
        const damaged = sample.slice(0, sample.length - cut);
        damaged[at % damaged.length] = value;
        decodes(damaged);
      }),
      { numRuns: 2_000 },
    );
  });

  it('calls may nest, but not without end', () => {
    expect(decodes(extrinsicOf(nestedBatch(200)))).toBe(true);
    expect(decodes(extrinsicOf(nestedBatch(5_000)))).toBe(false);
  });

  it('calls may be many, but not more than fit into any block', () => {
    const batchOf = (count: number): Uint8Array => {
      const head = Uint8Array.of(4, 0, ...compact(u32).encode(count));
      return Uint8Array.from({ length: head.length + 3 * count }, (_, at) => head[at] ?? 0);
    };
    expect(decodes(extrinsicOf(batchOf(70_000)))).toBe(true);
    expect(decodes(extrinsicOf(batchOf(2 ** 17 + 1)))).toBe(false);
  });

  it('lists of a transaction may be long, but not so long that to decode them is the work of seconds', () => {
    const update = (images: number): Uint8Array => {
      const head = Uint8Array.of(10, 7, ...new Uint8Array(8), 0, ...compact(u32).encode(images));
      return extrinsicOf(Uint8Array.from({ length: head.length + images }, (_, at) => head[at] ?? 0));
    };
    expect(decodes(update(2 ** 17))).toBe(true);
    expect(decodes(update(2 ** 17 + 1))).toBe(false);
  });

  it('lists of one call after the other are counted together', () => {
    const update = Uint8Array.of(
      10,
      7,
      ...new Uint8Array(9),
      ...compact(u32).encode(50),
      ...new Uint8Array(50),
    );
    const batchOf = (count: number): Uint8Array => {
      const head = Uint8Array.of(4, 0, ...compact(u32).encode(count));
      return extrinsicOf(Buffer.concat([head, ...Array.from({ length: count }, () => update)]));
    };
    expect(decodes(batchOf(2_570))).toBe(true);
    expect(decodes(batchOf(2_571))).toBe(false);
  });

  it('of lists that are too long no runtime API makes anything either', () => {
    const images = compact(u32).encode(2 ** 20);
    const call = Buffer.concat([Uint8Array.of(10, 7, ...new Uint8Array(9)), images, new Uint8Array(2 ** 20)]);
    const askedOf = (method: string, argument: Uint8Array) => () =>
      chain.runtime.call(chain.state, method, Buffer.concat([argument, new Uint8Array(4)]));
    expect(askedOf('TransactionPaymentCallApi_query_call_info', call)).toThrow(ScaleError);
    expect(askedOf('TransactionPaymentApi_query_info', extrinsicOf(call))).toThrow(InvalidTransaction);
  });

  it('a deep batch is carried out like any other', () => {
    const deep = new TestChain();
    const call = deep.registry.createType('Call', `0x${Buffer.from(nestedBatch(100)).toString('hex')}`);
    expect(deep.block(sign(deep, alice, ['Utility', 'batch', [call]]))).toMatchObject([{ ok: true }]);
  });
});
