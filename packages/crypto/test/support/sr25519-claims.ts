import { sr25519_verify as quick } from '@polkadot-labs/schnorrkel-wasm';
import { sr25519KeypairFromSeed, sr25519Sign, sr25519Verify as judge } from '#polkadot/wasm-crypto';
import fc from 'fast-check';
import type { Sr25519Check } from '../../src/sr25519.ts';

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const FIELD = 2n ** 255n - 19n;

export interface Signed {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
export const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
const toBigint = (scalar: Uint8Array): bigint =>
  scalar.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);

/** Plain, or in the wrapping in which wallets sign what is no transaction. */
const message = fc
  .tuple(fc.uint8Array({ maxLength: 300 }), fc.boolean())
  .map(([body, isWrapped]) =>
    isWrapped
      ? Uint8Array.from(Buffer.concat([Buffer.from('<Bytes>'), body, Buffer.from('</Bytes>')]))
      : body,
  );

export const signed = fc.tuple(bytes(32), message).map(([seed, content]): Signed => {
  const pair = sr25519KeypairFromSeed(seed);
  const publicKey = pair.slice(64);
  return { publicKey, message: content, signature: sr25519Sign(publicKey, pair.slice(0, 64), content) };
});

/** One bit of key, message or signature is another one. */
export const flipped = fc.tuple(signed, fc.nat()).map(([claim, choice]): Signed => {
  const parts = [claim.publicKey, claim.signature, claim.message].filter(({ length }) => length > 0);
  const part = parts[choice % parts.length] ?? claim.signature;
  const bit = Math.floor(choice / parts.length) % (8 * part.length);
  const changed = part.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
  return {
    publicKey: part === claim.publicKey ? changed : claim.publicKey,
    message: part === claim.message ? changed : claim.message,
    signature: part === claim.signature ? changed : claim.signature,
  };
});

/** The scalar plus a multiple of the group's order: the same number, written in another way; or near the order. */
export const otherScalar = fc
  .tuple(signed, fc.constantFrom(0n, 1n, 2n, 7n), fc.bigInt(-2n, 2n), fc.boolean())
  .map(([claim, times, near, keep]): Signed => {
    const scalar = toBigint(claim.signature.slice(32).map((byte, at) => (at === 31 ? byte & 127 : byte)));
    const value = (keep ? scalar : 0n) + times * ORDER + near;
    const half = littleEndian(value < 0n ? 0n : value & (2n ** 255n - 1n));
    half[31] = (half[31] ?? 0) | 128;
    return { ...claim, signature: Uint8Array.of(...claim.signature.slice(0, 32), ...half) };
  });

/** Field elements from the edges: not reduced, negative, zero. */
export const oddKey = fc
  .tuple(signed, fc.constantFrom(0n, FIELD, 2n ** 255n, FIELD / 2n), fc.bigInt(-40n, 40n))
  .map(([claim, base, offset]): Signed => {
    const value = base + offset;
    return { ...claim, publicKey: littleEndian(value < 0n ? 0n : value & (2n ** 256n - 1n)) };
  });

export const garbage = fc.record({ publicKey: bytes(32), message, signature: bytes(64) });
export const markedGarbage = garbage.map((claim): Signed => {
  const signature = Uint8Array.from(claim.signature);
  signature[63] = 128 | ((signature[63] ?? 0) & 15);
  return { ...claim, signature };
});
export const anyLength = fc.record({
  publicKey: fc.uint8Array({ maxLength: 40 }),
  message,
  signature: fc.uint8Array({ maxLength: 80 }),
});

export const verdict = (check: Sr25519Check, { publicKey, message, signature }: Signed): boolean =>
  check(publicKey, message, signature);

/** What the surviving library says; it throws on wrong lengths, which are false as well. */
export const judged = ({ publicKey, message, signature }: Signed): boolean => {
  try {
    return judge(signature, message, publicKey);
  } catch {
    return false;
  }
};

/** The quick library, and how often it broke down. */
export function watchedQuick(): { check: Sr25519Check; panics: () => number } {
  let panics = 0;
  const check: Sr25519Check = (publicKey, content, signature) => {
    try {
      return quick(publicKey, content, signature);
    } catch (error) {
      panics += 1;
      throw error;
    }
  };
  return { check, panics: () => panics };
}
