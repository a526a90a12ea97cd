const KEY_SIZE = 32;
const SLOTS = 16_384;

/**
 * Public keys of 32 bytes that were found to decode: half a MiB, whoever sends what. Of two that share a place the later one has
 * it, and the other is only looked at again.
 */
export class KnownKeys {
  /** Free places hold zeroes, and the key of zeroes decodes: it need not be told from them. */
  readonly #table = new Uint8Array(SLOTS * KEY_SIZE);

  has(key: Uint8Array): boolean {
    const at = placeOf(key);
    for (let index = 0; index < KEY_SIZE; index++) if (this.#table[at + index] !== key[index]) return false;
    return true;
  }

  add(key: Uint8Array): void {
    this.#table.set(key, placeOf(key));
  }
}

/** By its first bytes, which are as good as drawn by lot. */
const placeOf = (key: Uint8Array): number => ((((key[0] ?? 0) << 8) | (key[1] ?? 0)) % SLOTS) * KEY_SIZE;
