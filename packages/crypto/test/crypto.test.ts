import { Keyring } from '@polkadot/keyring';
import {
  blake2AsU8a,
  cryptoWaitReady,
  decodeAddress,
  encodeAddress,
  xxhashAsU8a,
} from '@polkadot/util-crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  accountIdOf,
  blake2b128,
  blake2b256,
  fromHex,
  MalformedInput,
  prependBlake2b128,
  ss58Decode,
  ss58Encode,
  toHex,
  toKey,
  twox128,
  twox64,
  verifySignature,
  type SignatureScheme,
} from '../src/index.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

beforeAll(() => cryptoWaitReady());

describe('hashes', () => {
  it('gives the storage prefix that every Substrate chain has for System.Account', () => {
    expect(toHex(twox128(utf8('System')))).toBe('0x26aa394eea5630e07c48ae0c9558cef7');
    expect(toHex(twox128(utf8('Account')))).toBe('0xb99d880ec681799c0cf30e8886371da9');
  });

  it('gives BLAKE2b-256 of nothing as RFC 7693 code does', () => {
    expect(toHex(blake2b256(new Uint8Array()))).toBe(
      '0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
    );
  });

  it('agrees with util-crypto about BLAKE2b, also where the hash is put in front of its data', () => {
    const short = fc.uint8Array({ maxLength: 40 });
    const any = fc.oneof(short, fc.uint8Array({ minLength: 500, maxLength: 600 }));
    fc.assert(
      fc.property(short, any, (before, data) => {
        const hash = blake2AsU8a(data, 128);
        expect(blake2b128(data)).toEqual(hash);
        const joined = Uint8Array.of(...before, ...new Uint8Array(16), ...data);
        prependBlake2b128(joined, before.length + 16);
        expect(joined).toEqual(Uint8Array.of(...before, ...hash, ...data));
      }),
    );
  });

  it('agrees with util-crypto about xxHash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        expect(twox64(data)).toEqual(xxhashAsU8a(data, 64));
      }),
    );
  });
});

describe.each<SignatureScheme>(['sr25519', 'ed25519', 'ecdsa'])('%s signatures', (scheme) => {
  it('accepts what the keyring signs, and nothing else', () => {
    const pair = new Keyring({ type: scheme }).addFromUri('//Alice');
    const accountId = accountIdOf(scheme, pair.publicKey);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(511), (message, flipped) => {
        const signature = pair.sign(message);
        expect(verifySignature({ scheme, accountId, message, signature })).toBe(true);
        expect(verifySignature({ scheme, accountId, message: Uint8Array.of(...message, 0), signature })).toBe(
          false,
        );
        const forged = Uint8Array.from(signature);
        forged[flipped >> 3] = (forged[flipped >> 3] ?? 0) ^ (1 << (flipped & 7));
        expect(verifySignature({ scheme, accountId, message, signature: forged })).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  it('calls garbage false instead of throwing', () => {
    for (const length of [0, 63, 64, 65, 66]) {
      const claim = { scheme, accountId: new Uint8Array(32).fill(255), message: utf8('x') };
      expect(verifySignature({ ...claim, signature: new Uint8Array(length).fill(255) })).toBe(false);
    }
  });
});

describe('ss58', () => {
  it('agrees with util-crypto for every account and prefix below 64', () => {
    fc.assert(
      fc.property(bytes(32), fc.nat(45), (accountId, prefix) => {
        const text = ss58Encode(accountId, prefix);
        expect(text).toBe(encodeAddress(accountId, prefix));
        expect(decodeAddress(text)).toEqual(accountId);
        expect(ss58Decode(text)).toEqual({ accountId, prefix });
      }),
    );
  });

  it.each(['', '0', '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQz', 'x'.repeat(1000)])(
    'refuses %j with a reason',
    (text) => {
      expect(() => ss58Decode(text)).toThrow(MalformedInput);
    },
  );
});

describe('hex', () => {
  it('round-trips bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 140 }), (data) => {
        expect(fromHex(toHex(data))).toEqual(data);
      }),
    );
  });

  it('and keys are texts of the bytes, of whatever length and wherever they lie', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 140 }), (data) => {
        for (const bytes of [data, data.subarray(1), Buffer.from(data)]) {
          expect(toHex(bytes)).toBe(`0x${Buffer.from(bytes).toString('hex')}`);
          expect(toKey(bytes)).toBe(Buffer.from(bytes).toString('latin1'));
        }
      }),
    );
  });

  it.each(['', '00', '0x0', '0xgg', '0x00 '])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(MalformedInput);
  });
});
