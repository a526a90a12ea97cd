const PAGE = 1024;
/** Longer arrays get memory of their own. */
export const MAX_SHARED = 256;

/**
 * Memory for small arrays that are made one after the other. Each array above 64 bytes would have memory of its own, outside of V8's
 * heap, which costs several times as much; one that is kept keeps no more than its page.
 */
export class Pages {
  readonly #size: number;
  #page: Uint8Array | undefined;
  #used = 0;

  /** Of so many bytes each; what is longer than a quarter of one gets memory of its own. */
  constructor(size = PAGE) {
    this.#size = size;
  }

  /** An array of zeros, and nobody else's. */
  take(length: number): Uint8Array {
    if (length > this.#size / 4) return new Uint8Array(length);
    if (!this.#page || this.#used + length > this.#size) {
      this.#page = new Uint8Array(this.#size);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#page.subarray(start, this.#used);
  }
}
