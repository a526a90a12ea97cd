import { waitReady } from '#polkadot/wasm-crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { decodes, sr25519Checker, type Sr25519Check } from '../src/sr25519.ts';
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
    const signature = new Uint8Array(64);
    signature[63] = 128;
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
