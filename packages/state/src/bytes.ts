/**
 * Bytes as a string of the same length, to be a key of a Map. Compares as the bytes do: one UTF-16 unit is one byte.
 */
export function toKey(bytes: Uint8Array): string {
  return latin1.latin1Slice.call(bytes, 0, bytes.length);
}

/** Buffer's own way to text, which takes any Uint8Array: making a Buffer first would cost more than the text. */
const latin1 = Buffer.prototype as unknown as {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
};

export function fromKey(key: string): Uint8Array {
  return plain(Buffer.from(key, 'latin1'));
}

/** The same memory without Buffer's methods, which differ from Uint8Array's (`slice` above all). */
export function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && Buffer.compare(a, b) === 0;

export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && equalBytes(bytes.subarray(0, prefix.length), prefix);
}
