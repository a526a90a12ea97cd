import secp256k1 from 'secp256k1';
import sodium from 'sodium-native';
import { blake2b256 } from './hashes.ts';
import { sr25519Checker } from './sr25519.ts';

export type SignatureScheme = 'ed25519' | 'sr25519' | 'ecdsa';

/** "This account signed this message": plain data, so that it can be handed to a worker thread. */
export interface SignatureClaim {
  readonly scheme: SignatureScheme;
  /** 32 bytes: the public key, or for ecdsa the BLAKE2b-256 of the compressed public key. */
  readonly accountId: Uint8Array;
  readonly message: Uint8Array;
  /** 64 bytes; 65 with the recovery id for ecdsa. */
  readonly signature: Uint8Array;
}

/** The account that a public key controls, as `sp_runtime::MultiSigner::into_account`. */
export function accountIdOf(scheme: SignatureScheme, publicKey: Uint8Array): Uint8Array {
  return scheme === 'ecdsa' ? blake2b256(publicKey) : publicKey;
}

/** Whether the claim holds, as `sp_runtime::MultiSignature::verify`. Malformed input is simply `false`. */
export function verifySignature(claim: SignatureClaim): boolean {
  try {
    return VERIFIERS[claim.scheme](claim);
  } catch {
    // The libraries throw on points and scalars that do not decode: such a signature is as false as any other.
    return false;
  }
}

const checkSr25519 = sr25519Checker();

const VERIFIERS: Record<SignatureScheme, (claim: SignatureClaim) => boolean> = {
  ed25519: ({ accountId, message, signature }) =>
    signature.length === 64 && sodium.crypto_sign_verify_detached(signature, message, accountId),
  sr25519: ({ accountId, message, signature }) =>
    signature.length === 64 && accountId.length === 32 && checkSr25519(accountId, message, signature),
  ecdsa: ({ accountId, message, signature }) => {
    if (signature.length !== 65) return false;
    const recoveryId = signature[64] ?? 4;
    const publicKey = secp256k1.ecdsaRecover(signature.subarray(0, 64), recoveryId, blake2b256(message));
    return Buffer.compare(blake2b256(publicKey), accountId) === 0;
  },
};
