const PEM = /^-----BEGIN OPENSSH PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)-----END OPENSSH PRIVATE KEY-----\n?$/;
const MAGIC = Buffer.from('openssh-key-v1\0');
const TYPE = Buffer.from('ssh-ed25519');
const POINT_BYTES = 32;
const PAIR_BYTES = 64;

/** The halves of an Ed25519 key: 32 bytes of seed and of public key each. */
export type Ed25519Key = { seed: Buffer; point: Buffer };

/** Reads an unencrypted Ed25519 key out of OpenSSH's file (PROTOCOL.key in its sources); undefined for anything else. */
export function readPrivateKey(pem: string): Ed25519Key | undefined {
  const blob = Buffer.from(PEM.exec(pem)?.[1] ?? '', 'base64');
  if (!blob.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  // Cipher, key derivation and its options; the number of keys; the public key; the private part.
  const outer = fields(blob.subarray(MAGIC.length), ['text', 'text', 'text', 'number', 'text', 'text']);
  const inner = fields(outer?.at(-1) ?? Buffer.alloc(0), ['number', 'number', 'text', 'text', 'text']);
  const [, , type, point, pair] = inner ?? [];
  if (type?.equals(TYPE) !== true || pair?.length !== PAIR_BYTES || point?.length !== POINT_BYTES)
    return undefined;
  return { seed: pair.subarray(0, POINT_BYTES), point };
}

export function publicKeyOf({ point }: Ed25519Key): string {
  return `${TYPE.toString()} ${Buffer.concat([field(TYPE), field(point)]).toString('base64')}`;
}

/** The same key as dropbear keeps it. */
export function dropbearKey({ seed, point }: Ed25519Key): Buffer {
  return Buffer.concat([field(TYPE), field(Buffer.concat([seed, point]))]);
}

function fields(bytes: Buffer, kinds: readonly ('text' | 'number')[]): Buffer[] | undefined {
  const found: Buffer[] = [];
  let at = 0;
  for (const kind of kinds) {
    if (at + 4 > bytes.length) return undefined;
    const length = kind === 'text' ? bytes.readUInt32BE(at) : 0;
    const end = at + 4 + length;
    if (end > bytes.length) return undefined;
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
