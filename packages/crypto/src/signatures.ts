import secp256k1 from 'secp256k1';
import sodium from 'sodium-native';
import { blake2b256 } from './hashes.ts';
import { rememberingKeyCheck, sr25519Checker, type Sr25519Check } from './sr25519.ts';

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

export type SignatureCheck = (claim: SignatureClaim) => boolean;

/** Whether the claim holds, as `sp_runtime::MultiSignature::verify`. Malformed input is simply `false`. */
export const verifySignature: SignatureCheck = signatureCheck(sr25519Checker());

/** The same for who sees the same accounts again and again: of an sr25519 key that it knows it need not find out whether it decodes. */
export const rememberingSignatureCheck = (): SignatureCheck =>
  signatureCheck(sr25519Checker(undefined, rememberingKeyCheck()));

function signatureCheck(checkSr25519: Sr25519Check): SignatureCheck {
  const checks: Record<SignatureScheme, SignatureCheck> = { ed25519, ecdsa, sr25519: sr25519(checkSr25519) };
  return (claim) => {
    try {
      return checks[claim.scheme](claim);
    } catch {
      // The libraries throw on points and scalars that do not decode: such a signature is as false as any other.
      return false;
    }
  };
}

function sr25519(check: Sr25519Check): SignatureCheck {
  return ({ accountId, message, signature }) =>
    signature.length === 64 && accountId.length === 32 && check(accountId, message, signature);
}

function ed25519({ accountId, message, signature }: SignatureClaim): boolean {
  return signature.length === 64 && sodium.crypto_sign_verify_detached(signature, message, accountId);
}

function ecdsa({ accountId, message, signature }: SignatureClaim): boolean {
  if (signature.length !== 65) return false;
  const recoveryId = signature[64] ?? 4;
  const publicKey = secp256k1.ecdsaRecover(signature.subarray(0, 64), recoveryId, blake2b256(message));
  return Buffer.compare(blake2b256(publicKey), accountId) === 0;
}
