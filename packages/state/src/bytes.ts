export { toKey } from '@hamster/crypto';

export function fromKey(key: string): Uint8Array {
  return plain(Buffer.from(key, 'latin1'));
}

/** The same memory without Buffer's methods, which differ from Uint8Array's (`slice` above all). */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** What LMDB answers to `getBinaryFast`, which lies in memory that the next read takes: only as much of it as was read. */
export const answered = ({ buffer, byteOffset, length }: Buffer): Uint8Array =>
  new Uint8Array(buffer, byteOffset, length);

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0;

export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);
}
