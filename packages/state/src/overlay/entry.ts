import type { Codec, StoredValue } from '@hamster/frame';

/** Bytes that mean nothing else yet. */
const RAW: Codec<Uint8Array> = { encode: (bytes) => bytes, decode: (bytes) => bytes };

/**
 * A value as bytes, as what they mean, or as both: either is made of the other when somebody asks for it. A transaction writes the
 * account of its sender several times, and the next one of the block most of the same values again: only what they are in the end has
 * to become bytes.
 */
export class Entry implements StoredValue {
  #bytes: Uint8Array | undefined;
  #codec: Codec<unknown>;
  #value: unknown;
  /** Whether it is certain that there will be bytes of it. */
  #isChecked = false;

  private constructor(bytes: Uint8Array | undefined, codec: Codec<unknown>, value: unknown) {
    this.#bytes = bytes;
    this.#codec = codec;
    this.#value = value;
  }

  static ofBytes(bytes: Uint8Array): Entry {
    return new Entry(bytes, RAW as Codec<unknown>, bytes);
  }

  static ofValue<T>(codec: Codec<T>, value: T): Entry {
    return new Entry(undefined, codec as Codec<unknown>, value);
  }

  /** Throws what the codec throws. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= this.#codec.encode(this.#value));
  }

  /** Throws what `bytes` would throw. Encodes only where that is the one way to find out. */
  ensureSound(): void {
    if (this.#isChecked || this.#bytes) return;
    if (this.#codec.check) this.#codec.check(this.#value);
    else this.#bytes = this.#codec.encode(this.#value);
    this.#isChecked = true;
  }

  as<T>(codec: Codec<T>): T {
    if (this.#codec !== codec) {
      this.#value = codec.decode(this.bytes);
      this.#codec = codec as Codec<unknown>;
    }
    return this.#value as T;
  }
}
