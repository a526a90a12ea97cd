/** What is wrong with a pasted key, as a key for the message that tells the person what to do. */
export type KeyProblem =
  'empty' | 'privateKey' | 'severalLines' | 'unknownType' | 'damaged' | 'weakRsa' | 'oddComment' | 'tooLong';

export interface SshPublicKey {
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string;
  /** `type base64 comment`, single spaces: what goes on chain. */
  readonly line: string;
}

export type ParsedKey = { readonly key: SshPublicKey } | { readonly problem: KeyProblem };

/** Longest key line that the chain takes, in bytes. */
const MAX_KEY_BYTES = 1024;
const RSA_BITS = { min: 2048, max: 8192 };
/** What the chain takes: every OpenSSH server of the last ten years knows these. */
const TYPES = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ssh-rsa'];
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Checks one line of an OpenSSH `.pub` file. The type inside the blob must be the type in front of it. */
export function parseSshPublicKey(text: string): ParsedKey {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: 'empty' };
  if (trimmed.includes('PRIVATE KEY')) return { problem: 'privateKey' };
  if (/[\r\n]/.test(trimmed)) return { problem: 'severalLines' };
  const [type = '', base64 = '', ...rest] = trimmed.split(/\s+/);
  if (!TYPES.includes(type)) return { problem: 'unknownType' };
  const blob = decodeBase64(base64);
  const problem = blob === undefined ? 'damaged' : problemOf(type, readFields(blob));
  if (blob === undefined || problem !== undefined) return { problem: problem ?? 'damaged' };
  const comment = rest.join(' ');
  if (!PRINTABLE_ASCII.test(comment)) return { problem: 'oddComment' };
  const line = [type, base64, comment].filter((part) => part !== '').join(' ');
  return line.length > MAX_KEY_BYTES ? { problem: 'tooLong' } : { key: { type, blob, comment, line } };
}

function problemOf(type: string, fields: readonly Uint8Array[] | undefined): KeyProblem | undefined {
  const [inner, first, second] = fields ?? [];
  if (inner === undefined || first === undefined || asText(inner) !== type) return 'damaged';
  if (type === 'ssh-ed25519') return fields?.length === 2 && first.length === 32 ? undefined : 'damaged';
  if (second === undefined || fields?.length !== 3) return 'damaged';
  if (type === 'ssh-rsa') return rsaProblem(bitLength(second));
  return asText(first) === 'nistp256' && second.length === 65 && second[0] === 4 ? undefined : 'damaged';
}

function rsaProblem(bits: number): KeyProblem | undefined {
  if (bits < RSA_BITS.min) return 'weakRsa';
  return bits > RSA_BITS.max ? 'tooLong' : undefined;
}

function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
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

function asText(field: Uint8Array): string {
  return new TextDecoder().decode(field);
}

function bitLength(field: Uint8Array): number {
  const start = field.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  const first = field[start] ?? 0;
  return (field.length - start) * 8 - Math.clz32(first) + 24;
}
