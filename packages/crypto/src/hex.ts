import { MalformedInput } from './errors.ts';

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** V8 has arrays of so many bytes on its own heap. */
const ON_HEAP = 64;

/**
 * Buffer's own way to text, which takes any Uint8Array. V8 moves a small array off its own heap for good as soon as native code asks
 * for its memory, which costs several times as much as the text: such ones are copied into memory that is there already.
 */
function textBy(slice: 'hexSlice' | 'latin1Slice'): (bytes: Uint8Array) => string {
  const native = Buffer.prototype as unknown as Record<typeof slice, NativeSlice>;
  const memory = new Uint8Array(new ArrayBuffer(ON_HEAP));
  return (bytes) => {
    if (bytes.length > ON_HEAP) return native[slice].call(bytes, 0, bytes.length);
    memory.set(bytes);
    return native[slice].call(memory, 0, bytes.length);
  };
}

type NativeSlice = (this: Uint8Array, start: number, end: number) => string;

const hexOf = textBy('hexSlice');

/** Lower-case hex with the 0x prefix, as Substrate's JSON-RPC writes bytes. */
export const toHex = (bytes: Uint8Array): string => `0x${hexOf(bytes)}`;

/** Bytes as a string of the same length, to be a key of a Map. Compares as the bytes do: one UTF-16 unit is one byte. */
export const toKey = textBy('latin1Slice');

/** The bytes of a 0x-prefixed hex text. Throws `MalformedInput` on anything else. */
export function fromHex(text: string): Uint8Array {
  if (!HEX.test(text)) {
    throw new MalformedInput(`Expected 0x-prefixed hex of whole bytes, got "${text.slice(0, 80)}"`);
  }
  const bytes = Buffer.from(text.slice(2), 'hex');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
