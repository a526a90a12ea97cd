import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { pureJsCrypto, type ICryptoInterface } from '@chainsafe/libp2p-noise';

const CIPHER = 'chacha20-poly1305';
const TAG_BYTES = 16;
const TAG = { authTagLength: TAG_BYTES };
/** What stands before the 32 bytes of an X25519 key in DER (RFC 8410). */
const PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex');

type Bytes = Parameters<ICryptoInterface['chaCha20Poly1305Encrypt']>[0];

/**
 * Noise by Node's own OpenSSL. The library's own choice hands the key over as bytes with every message, which costs more than
 * the encryption of a whole kibibyte; here each key becomes an object once.
 */
export function noiseCrypto(): ICryptoInterface {
  const keys = new WeakMap<Uint8Array, KeyObject>();

  function keyOf(bytes: Uint8Array): KeyObject {
    const known = keys.get(bytes);
    if (known) return known;
    const key = createSecretKey(bytes);
    keys.set(bytes, key);
    return key;
  }

  return {
    ...pureJsCrypto,
    hashSHA256(data) {
      const hash = createHash('sha256');
      for (const piece of piecesOf(data)) hash.update(piece);
      return hash.digest();
    },
    generateX25519KeyPair,
    generateX25519SharedKey: (secret, theirs) => diffieHellman(pairOf(secret, theirs.subarray())),
    chaCha20Poly1305Encrypt(plaintext, nonce, ad, k) {
      const cipher = createCipheriv(CIPHER, keyOf(k), nonce, TAG);
      cipher.setAAD(ad, { plaintextLength: plaintext.byteLength });
      const parts = piecesOf(plaintext).map((piece) => cipher.update(piece));
      cipher.final();
      return Buffer.concat([...parts, cipher.getAuthTag()]);
    },
    chaCha20Poly1305Decrypt(ciphertext, nonce, ad, k) {
      const length = ciphertext.byteLength - TAG_BYTES;
      const decipher = createDecipheriv(CIPHER, keyOf(k), nonce, TAG);
      decipher.setAAD(ad, { plaintextLength: length });
      decipher.setAuthTag(ciphertext.subarray(length));
      const plaintext = decipher.update(ciphertext.subarray(0, length));
      decipher.final();
      return plaintext;
    },
  };
}

function piecesOf(bytes: Bytes): Uint8Array[] {
  return bytes instanceof Uint8Array ? [bytes] : [...bytes];
}

function generateX25519KeyPair(): { publicKey: Uint8Array; privateKey: Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(PUBLIC_DER.length),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(PRIVATE_DER.length),
  };
}

function pairOf(secret: Bytes, theirs: Uint8Array): { privateKey: KeyObject; publicKey: KeyObject } {
  const privateDer = Buffer.concat([PRIVATE_DER, secret.subarray()]);
  const publicDer = Buffer.concat([PUBLIC_DER, theirs]);
  return {
    privateKey: createPrivateKey({ key: privateDer, type: 'pkcs8', format: 'der' }),
    publicKey: createPublicKey({ key: publicDer, type: 'spki', format: 'der' }),
  };
}
