/** What is wrong with a pasted key, as a key for the message that tells the person what to do. */
export type KeyProblem =
  'empty' | 'privateKey' | 'severalLines' | 'unknownType' | 'damaged' | 'weakRsa' | 'tooLong';

export interface SshPublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string;
  /** `type base64 comment`, single spaces: what goes on chain. */
  readonly line: string;
}

export type ParsedKey = { readonly key: SshPublicKey } | { readonly problem: KeyProblem };

/** Longest key line that the chain takes, in bytes. */
export const MAX_KEY_BYTES = 1024;
const MIN_RSA_BITS = 2048;
const TYPES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
  'ssh-rsa',
];

/** Checks one line of an OpenSSH `.pub` file. The type inside the blob must be the type in front of it. */
export function parseSshPublicKey(text: string): ParsedKey {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'empty' };
  if (trimmed.includes('PRIVATE KEY')) return { problem: 'privateKey' };
  if (/[\r\n]/.test(trimmed)) return { problem: 'severalLines' };
  const [type = '', base64 = '', ...rest] = trimmed.split(/\s+/);
  if (!TYPES.includes(type)) return { problem: 'unknownType' };
  const blob = decodeBase64(base64);
  const fields = blob === undefined ? undefined : readFields(blob);
  if (blob === undefined || fields === undefined || asText(fields[0]) !== type) return { problem: 'damaged' };
  if (fields.length < 2) return { problem: 'damaged' };
  if (type === 'ssh-rsa' && bitLength(fields[2]) < MIN_RSA_BITS) return { problem: 'weakRsa' };
  const comment = rest.join(' ');
  const line = [type, base64, comment].filter((part) => part !== '').join(' ');
  if (new TextEncoder().encode(line).length > MAX_KEY_BYTES) return { problem: 'tooLong' };
  return { key: { type, blob, comment, line } };
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The length-prefixed fields of an SSH wire blob (RFC 4253, section 6.6); `undefined` if they don't fill it exactly. */
function readFields(blob: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const fields: Uint8Array[] = [];
  let offset = 0;
  while (offset < blob.length) {
    if (offset + 4 > blob.length) return undefined;
    const end = offset + 4 + view.getUint32(offset);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  return fields;
}

function asText(field: Uint8Array | undefined): string {
  return new TextDecoder().decode(field);
}

function bitLength(field: Uint8Array | undefined): number {
  const start = field?.findIndex((byte) => byte !== 0) ?? -1;
  if (field === undefined || start < 0) return 0;
  const first = field[start] ?? 0;
  return (field.length - start) * 8 - Math.clz32(first) + 24;
}
