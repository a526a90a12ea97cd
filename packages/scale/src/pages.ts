const PAGE = 1024;
/** Longer arrays get memory of their own. */
export const MAX_SHARED = 256;

/**
 * Memory for small arrays that are made one after the other. Each array above 64 bytes would have memory of its own, outside of V8's
 * heap, which costs several times as much; one that is kept keeps no more than its page.
 */
export class Pages {
  #page: Uint8Array | undefined;
  #used = 0;

  /** An array of zeros, and nobody else's. */
  take(length: number): Uint8Array {
    if (length > MAX_SHARED) return new Uint8Array(length);
    if (!this.#page || this.#used + length > PAGE) {
      this.#page = new Uint8Array(PAGE);
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += length;
    return this.#page.subarray(start, this.#used);
  }
}
