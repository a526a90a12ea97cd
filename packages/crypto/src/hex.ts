import { MalformedInput } from './errors.ts';

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** V8 has arrays of so many bytes on its own heap. */
const ON_HEAP = 64;

type NativeSlice = (this: Uint8Array, start: number, end: number) => string;

/**
 * Buffer's own ways to text, which take any Uint8Array. V8 moves a small array off its own heap for good as soon as native code asks
 * for its memory, which costs several times as much as the text: such ones are copied into memory that is there already.
 */
const native = Buffer.prototype as unknown as Record<'hexSlice' | 'latin1Slice', NativeSlice>;
const memory = new Uint8Array(new ArrayBuffer(ON_HEAP));

/** "00" to "ff", one behind the other. */
const DIGITS = Buffer.from(Array.from({ length: 256 }, (_, byte) => hexOfByte(byte)).join(''), 'latin1');
const hex = new Uint8Array(new ArrayBuffer(2 + 2 * ON_HEAP));
hex.set([0x30, 0x78]);

/**
 * Lower-case hex with the 0x prefix, as Substrate's JSON-RPC writes bytes. Of a few bytes, as hashes are, it is made in one piece: a
 * text put together of two is put together again for whoever looks for it in a Map, and both stay.
 */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length > ON_HEAP) return `0x${native.hexSlice.call(bytes, 0, bytes.length)}`;
  let at = 2;
  for (let index = 0; index < bytes.length; index++) {
    const digits = 2 * (bytes[index] ?? 0);
    hex[at++] = DIGITS[digits] ?? 0;
    hex[at++] = DIGITS[digits + 1] ?? 0;
  }
  return native.latin1Slice.call(hex, 0, at);
}

/** Bytes as a string of the same length, to be a key of a Map. Compares as the bytes do: one UTF-16 unit is one byte. */
export function toKey(bytes: Uint8Array): string {
  if (bytes.length > ON_HEAP) return native.latin1Slice.call(bytes, 0, bytes.length);
  memory.set(bytes);
  return native.latin1Slice.call(memory, 0, bytes.length);
}

/** The bytes of a 0x-prefixed hex text. Throws `MalformedInput` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) {
    throw new MalformedInput(`Expected 0x-prefixed hex of whole bytes, got "${text.slice(0, 80)}"`);
  }
  const bytes = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hexOfByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
