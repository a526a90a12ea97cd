import { generateKeyPairSync, randomBytes } from 'node:crypto';

export type SshKeyPair = { publicKey: string; privateKey: string };

const TYPE = Buffer.from('ssh-ed25519');
const CIPHER_BLOCK = 8;
const MAGIC = Buffer.from('openssh-key-v1\0');

/**
 * A new Ed25519 pair in OpenSSH's formats: one line, and the unencrypted "openssh-key-v1" PEM
 * (PROTOCOL.key in OpenSSH's sources). The generator of the ssh2 library drops leading zero bytes, which breaks
 * one pair in 256.
 */
export function generateSshKeyPair(comment: string): SshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const point = rawKey(publicKey.export({ format: 'jwk' }).x);
  const seed = rawKey(privateKey.export({ format: 'jwk' }).d);
  const blob = Buffer.concat([field(TYPE), field(point)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    blob,
    field(Buffer.concat([seed, point])),
    field(Buffer.from(comment)),
  ]);
  const none = field(Buffer.from('none'));
  const container = [
    MAGIC,
    none,
    none,
    field(Buffer.alloc(0)),
    uint32(1),
    field(blob),
    field(padded(secret)),
  ];
  return {
    publicKey: `${TYPE.toString()} ${blob.toString('base64')} ${comment}`,
    privateKey: pem(Buffer.concat(container)),
  };
}

function rawKey(base64url: string | undefined): Buffer {
  return Buffer.from(base64url ?? '', 'base64url');
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(bytes: Buffer): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

// Padding counts 1, 2, 3 … up to the cipher's block, also where there is no cipher.
function padded(bytes: Buffer): Buffer {
  const missing = (CIPHER_BLOCK - (bytes.length % CIPHER_BLOCK)) % CIPHER_BLOCK;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
