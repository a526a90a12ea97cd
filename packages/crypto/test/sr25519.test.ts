import { waitReady } from '#polkadot/wasm-crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  decodes,
  rememberingKeyCheck,
  sr25519Checker,
  type KeyCheck,
  type Sr25519Check,
} from '../src/sr25519.ts';
import {
  anyLength,
  flipped,
  garbage,
  judged,
  markedGarbage,
  oddKey,
  otherScalar,
  signed,
  verdict,
  watchedQuick,
} from './support/sr25519-claims.ts';

beforeAll(() => waitReady());

/** Keys that begin alike share a place. */
const key = (last: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, at) => (at === 31 ? last : 7));

describe('remembered keys', () => {
  it('are not looked at again, until another one takes their place', () => {
    const look = vi.fn<KeyCheck>(() => true);
    const isKey = rememberingKeyCheck(look);
    const asked = [key(1), key(1), key(2), key(2), key(1)].map((one) => [isKey(one), look.mock.calls.length]);
    expect(asked).toEqual([1, 1, 2, 2, 3].map((calls) => [true, calls]));
  });

  it('are only those that decode', () => {
    const look = vi.fn<KeyCheck>(() => false);
    const isKey = rememberingKeyCheck(look);
    expect([isKey(key(1)), isKey(key(1))]).toEqual([false, false]);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it('have the key of zeroes among them from the beginning, since it decodes', () => {
    const zero = new Uint8Array(32);
    expect(rememberingKeyCheck(() => false)(zero)).toBe(true);
    expect(decodes(zero, validForm())).toBe(true);
  });
});

function validForm(): Uint8Array {
  const signature = new Uint8Array(64);
  signature[63] = 128;
  return signature;
}

describe('sr25519', () => {
  it('accepts what was signed', () => {
    const check = sr25519Checker();
    fc.assert(fc.property(signed, (claim) => verdict(check, claim)));
  });

  it.each([
    ['one other bit', flipped],
    ['another scalar', otherScalar],
    ['a key from the edge of the field', oddKey],
    ['garbage', garbage],
    ['garbage that looks like a signature', markedGarbage],
  ])('judges %s as wasm-crypto does, and the quick library never panics', (_, claims) => {
    const { check, panics } = watchedQuick();
    const subject = sr25519Checker(check);
    fc.assert(
      fc.property(claims, (claim) => verdict(subject, claim) === judged(claim)),
      { numRuns: 300 },
    );
    expect(panics()).toBe(0);
  });

  it('judges the same when it remembers keys, whatever came before', () => {
    const { check, panics } = watchedQuick();
    const subject = sr25519Checker(check, rememberingKeyCheck());
    const claims = fc.array(fc.oneof(signed, flipped, oddKey, garbage, markedGarbage), {
      minLength: 2,
      maxLength: 6,
    });
    fc.assert(
      fc.property(claims, (claims) =>
        [...claims, ...claims].every((claim) => verdict(subject, claim) === judged(claim)),
      ),
      { numRuns: 60 },
    );
    expect(panics()).toBe(0);
  });

  it('keeps what is too short or too long from the quick library', () => {
    fc.assert(
      fc.property(anyLength, ({ publicKey, signature }) => {
        fc.pre(publicKey.length !== 32 || signature.length !== 64);
        return !decodes(publicKey, signature);
      }),
    );
  });

  it('takes a signature that anybody can make for the key zero, as schnorrkel does', () => {
    const zero = new Uint8Array(32);
    const signature = validForm();
    const claim = { publicKey: zero, message: Uint8Array.of(1), signature };
    expect(decodes(zero, signature)).toBe(true);
    expect(verdict(sr25519Checker(), claim)).toBe(judged(claim));
  });

  it('asks a quick library that broke down never again, and is right all the same', () => {
    const broken = vi.fn<Sr25519Check>(() => {
      throw new RangeError('unreachable');
    });
    const subject = sr25519Checker(broken);
    fc.assert(
      fc.property(signed, (claim) => verdict(subject, claim)),
      { numRuns: 10 },
    );
    fc.assert(
      fc.property(flipped, (claim) => verdict(subject, claim) === judged(claim)),
      {
        numRuns: 10,
      },
    );
    expect(broken).toHaveBeenCalledTimes(1);
  });
});
