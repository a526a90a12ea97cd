/** A chunk that grows to twice this is split. */
const CHUNK = 256;

/**
 * An ordered set of strings in sorted chunks: sorting one in costs two binary searches and one short splice. That is done
 * when somebody asks for the order; many keys come and go before that.
 */
export class SortedKeys {
  readonly #chunks: string[][] = [];
  readonly #unsorted = new Set<string>();

  add(key: string): void {
    this.#unsorted.add(key);
  }

  delete(key: string): void {
    this.#unsorted.delete(key);
    if (this.#chunks.length > 0) this.#takeOut(key);
  }

  #sortIn(): void {
    if (this.#unsorted.size === 0) return;
    for (const key of this.#unsorted) this.#insert(key);
    this.#unsorted.clear();
  }

  #insert(key: string): void {
    const at = Math.min(this.#chunkOf(key), this.#chunks.length - 1);
    const chunk = this.#chunks[at];
    if (!chunk) {
      this.#chunks.push([key]);
      return;
    }
    const index = lowerBound(chunk, key);
    if (chunk[index] === key) return;
    chunk.splice(index, 0, key);
    if (chunk.length >= 2 * CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK));
  }

  #takeOut(key: string): void {
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    const index = chunk ? lowerBound(chunk, key) : 0;
    if (chunk?.[index] !== key) return;
    chunk.splice(index, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** The smallest key above `key`. */
  after(key: string): string | undefined {
    this.#sortIn();
    let at = this.#chunkOf(key);
    const chunk = this.#chunks[at];
    if (!chunk) return undefined;
    let index = lowerBound(chunk, key);
    if (chunk[index] === key) index += 1;
    if (index === chunk.length) {
      at += 1;
      index = 0;
    }
    return this.#chunks[at]?.[index];
  }

  /** The first chunk whose last key is not below `key`. */
  #chunkOf(key: string): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#chunks[middle]?.at(-1) ?? '') < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
