import { randomBytes } from 'node:crypto';
import { pureJsCrypto } from '@chainsafe/libp2p-noise';
import { describe, expect, test } from 'vitest';
import { noiseCrypto } from '../src/host/noise-crypto.ts';

const ours = noiseCrypto();
const [key, nonce, ad] = [randomBytes(32), randomBytes(12), randomBytes(32)];

describe('encryption between hosts', () => {
  test.each([0, 1, 64, 1199, 1200, 65_519])('of %i bytes is the same as the library’s', (size) => {
    const plaintext = randomBytes(size);
    const ciphertext = ours.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).subarray();
    expect(ciphertext).toHaveLength(size + 16);
    const theirs = pureJsCrypto.chaCha20Poly1305Encrypt(plaintext, nonce, ad, key).subarray();
    expect(Buffer.compare(ciphertext, theirs)).toBe(0);
    const back = ours.chaCha20Poly1305Decrypt(ciphertext, nonce, ad, key).subarray();
    expect(Buffer.compare(back, plaintext)).toBe(0);
  });

  test('lets nothing pass that was changed, cut short, or encrypted with another key', () => {
    const ciphertext = ours.chaCha20Poly1305Encrypt(randomBytes(100), nonce, ad, key).subarray();
    const changed = Uint8Array.from(ciphertext);
    changed[50] = (changed[50] ?? 0) ^ 1;
    const open = (bytes: Uint8Array, k = key) => ours.chaCha20Poly1305Decrypt(bytes, nonce, ad, k);
    expect(() => open(changed)).toThrow();
    expect(() => open(ciphertext.subarray(0, 99))).toThrow();
    expect(() => open(ciphertext.subarray(0, 8))).toThrow();
    expect(() => open(ciphertext, randomBytes(32))).toThrow();
  });

  test('agrees with the library’s on a shared secret', () => {
    const mine = ours.generateX25519KeyPair();
    const theirs = pureJsCrypto.generateX25519KeyPair();
    const here = ours.generateX25519SharedKey(mine.privateKey, theirs.publicKey);
    const there = pureJsCrypto.generateX25519SharedKey(theirs.privateKey, mine.publicKey);
    expect(Buffer.from(here).toString('hex')).toBe(Buffer.from(there.subarray(0, 32)).toString('hex'));
  });
});
