import { sr25519_verify as verifyQuickly } from '@polkadot-labs/schnorrkel-wasm';
import { sr25519Verify as verifyAnything, waitReady } from '#polkadot/wasm-crypto';
import sodium from 'libsodium-wrappers-sumo';
import { KnownKeys } from './known-keys.ts';

await Promise.all([sodium.ready, waitReady()]);

/** Order of the ristretto group, 32 bytes little-endian: scalars are below it. */
const GROUP_ORDER = Uint8Array.from(
  Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex'),
);
/** Set in the last byte of every schnorrkel signature, to tell it from ed25519's. */
const MARK = 0x80;

export type Sr25519Check = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Whether a public key of 32 bytes decodes. */
export type KeyCheck = (publicKey: Uint8Array) => boolean;

const isPoint: KeyCheck = (publicKey) => sodium.crypto_core_ristretto255_is_valid_point(publicKey);

/** Remembers which keys decode. Which do never changes. */
export function rememberingKeyCheck(check: KeyCheck = isPoint): KeyCheck {
  const known = new KnownKeys();
  return (publicKey) => {
    if (known.has(publicKey)) return true;
    const isSound = check(publicKey);
    if (isSound) known.add(publicKey);
    return isSound;
  };
}

/**
 * Checks sr25519 signatures in the context "substrate". Two builds of schnorrkel share the work: the quick one panics on
 * what does not decode, so it gets only what does; the other one is the judge of all the rest. ADR 003 has the details.
 * `quick` may throw: then it is not asked again.
 */
export function sr25519Checker(quick: Sr25519Check = verifyQuickly, isKey: KeyCheck = isPoint): Sr25519Check {
  let isQuickSound = true;
  return (publicKey, message, signature) => {
    if (isQuickSound && decodes(publicKey, signature, isKey)) {
      try {
        return quick(publicKey, message, signature);
      } catch {
        // Not known to happen. Each panic would leak a little of the instance's memory, so the first is the last.
        isQuickSound = false;
      }
    }
    return verifyAnything(signature, message, publicKey);
  };
}

/** Whether schnorrkel's `PublicKey::from_bytes` and `Signature::from_bytes` both succeed. */
export const decodes = (publicKey: Uint8Array, signature: Uint8Array, isKey: KeyCheck = isPoint): boolean =>
  publicKey.length === 32 &&
  signature.length === 64 &&
  isMarked(signature) &&
  isScalar(signature) &&
  isKey(publicKey);

const isMarked = (signature: Uint8Array): boolean => ((signature[63] ?? 0) & MARK) !== 0;

/** Whether the second half, without the mark, is a scalar in its one canonical form. */
function isScalar(signature: Uint8Array): boolean {
  for (let at = 31; at >= 0; at--) {
    const byte = (signature[32 + at] ?? 0) & (at === 31 ? MARK - 1 : 255);
    const limit = GROUP_ORDER[at] ?? 0;
    if (byte !== limit) return byte < limit;
  }
  return false;
}
