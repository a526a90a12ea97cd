/** Half-bytes of a key, high one first: one nibble in each element of `nibbles`. */
export function toNibbles(key: Uint8Array, nibbles = new Uint8Array(key.length * 2)): Uint8Array {
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] ?? 0;
    nibbles[2 * i] = byte >> 4;
    nibbles[2 * i + 1] = byte & 15;
  }
  return nibbles;
}

/** The nibble of `key` behind `depth` others; 0 behind all of them. */
export function nibbleAt(key: Uint8Array, depth: number): number {
  const byte = key[depth >> 1] ?? 0;
  return depth % 2 === 0 ? byte >> 4 : byte & 15;
}

/** V8 has arrays of so many bytes on its own heap, until somebody asks for a part that shares their memory. */
const ON_HEAP = 64;

/** `path` between two places: as a copy where that costs less than memory of its own for both. */
export const part = (path: Uint8Array, from: number, end = path.length): Uint8Array =>
  path.length > ON_HEAP ? path.subarray(from, end) : path.slice(from, end);

/** The bytes of an even number of nibbles. */
export function fromNibbles(nibbles: Uint8Array): Uint8Array {
  const key = new Uint8Array(nibbles.length / 2);
  for (let i = 0; i < key.length; i++) key[i] = ((nibbles[2 * i] ?? 0) << 4) | (nibbles[2 * i + 1] ?? 0);
  return key;
}

/** How many nibbles `a` shares with `b` read from `offset` on. */
export function commonLength(a: Uint8Array, b: Uint8Array, offset: number): number {
  const limit = Math.min(a.length, b.length - offset);
  let length = 0;
  while (length < limit && a[length] === b[offset + length]) length++;
  return length;
}

/** `path`, then one nibble (if given), then `partial`. */
export function joinNibbles(path: Uint8Array, nibble: number | undefined, partial: Uint8Array): Uint8Array {
  const gap = nibble === undefined ? 0 : 1;
  const joined = new Uint8Array(path.length + gap + partial.length);
  joined.set(path);
  if (nibble !== undefined) joined[path.length] = nibble;
  joined.set(partial, path.length + gap);
  return joined;
}
