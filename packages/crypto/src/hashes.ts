import { twox, waitReady } from '#polkadot/wasm-crypto';
import sodium from 'sodium-native';

// Storage prefixes are hashed while modules load, so the module is not ready before its wasm is.
await waitReady();

/** Longer inputs are handed over as they are. */
const MAX_COPIED = 512;

/**
 * BLAKE2b by libsodium. V8 moves a small array off its own heap for good as soon as native code asks for its memory, which costs
 * more than the hash: short inputs are copied into memory that is there already, and the result out of it.
 */
function blake2b(length: number): (data: Uint8Array) => Uint8Array {
  const output = new Uint8Array(new ArrayBuffer(length));
  const memory = new ArrayBuffer(MAX_COPIED);
  const inputs: Uint8Array[] = Array.from(
    { length: MAX_COPIED + 1 },
    (_, size) => new Uint8Array(memory, 0, size),
  );
  return (data) => {
    const input = inputs[data.length];
    input?.set(data);
    sodium.crypto_generichash(output, input ?? data);
    return output.slice();
  };
}

/** BLAKE2b with 16 bytes of output (RFC 7693). */
export const blake2b128 = blake2b(16);

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
