import { twox, waitReady } from '#polkadot/wasm-crypto';
import sodium from 'sodium-native';

// Storage prefixes are hashed while modules load, so the module is not ready before its wasm is.
await waitReady();

/** Longer inputs are handed over as they are. */
const MAX_COPIED = 512;

/**
 * BLAKE2b by libsodium. V8 moves a small array off its own heap for good as soon as native code, or `subarray`, asks for its memory,
 * which costs more than the hash: short inputs are copied into memory that is there already, and the result out of it.
 */
function hasher(length: number): (bytes: Uint8Array, from?: number) => Uint8Array {
  const output = new Uint8Array(new ArrayBuffer(length));
  const memory = new ArrayBuffer(MAX_COPIED);
  const inputs: Uint8Array[] = Array.from(
    { length: MAX_COPIED + 1 },
    (_, size) => new Uint8Array(memory, 0, size),
  );
  return (bytes, from = 0) => {
    const input = inputs[bytes.length - from];
    if (input && from > 0) for (let at = 0; at < input.length; at++) input[at] = bytes[from + at] ?? 0;
    else input?.set(bytes);
    sodium.crypto_generichash(output, input ?? bytes.subarray(from));
    return output;
  };
}

const hash128 = hasher(16);

/** BLAKE2b with 16 bytes of output (RFC 7693). */
export const blake2b128 = (data: Uint8Array): Uint8Array => hash128(data).slice();

/** As `blake2b128`, of the part of `bytes` that begins at `from`, written into the 16 bytes before it. */
export function prependBlake2b128(bytes: Uint8Array, from: number): void {
  const hash = hash128(bytes, from);
  for (let at = 0; at < hash.length; at++) bytes[from - hash.length + at] = hash[at] ?? 0;
}

function blake2b(length: number): (data: Uint8Array) => Uint8Array {
  const hash = hasher(length);
  return (data) => hash(data).slice();
}

/** BLAKE2b with 32 bytes of output: Substrate's hash of blocks, extrinsics and trie nodes. */
export const blake2b256 = blake2b(32);

/** BLAKE2b with 64 bytes of output, as SS58 checksums use it. */
export const blake2b512 = blake2b(64);

/** xxHash64 with seed 0, 8 bytes little-endian. Not collision resistant: only for keys that we choose. */
export const twox64 = (data: Uint8Array): Uint8Array => twox(data, 1);

/** xxHash64 with seeds 0 and 1, 16 bytes. Not collision resistant: only for keys that we choose. */
export const twox128 = (data: Uint8Array): Uint8Array => twox(data, 2);

/** Storage map key: hash, then the key itself, so that keys can be listed. Safe for keys that users choose. */
export const blake2_128Concat = (key: Uint8Array): Uint8Array => concat(blake2b128(key), key);

/** Storage map key: cheap hash, then the key itself. Only for keys that users cannot choose. */
export const twox64Concat = (key: Uint8Array): Uint8Array => concat(twox64(key), key);

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
