import { toHex } from '@hamster/crypto';
import { EMPTY_ROOT, updateTrie, type Change, type NodeSource, type StateVersion } from '../src/index.ts';
import { decodeNode } from '../src/trie/codec.ts';

/** Counts places in memory, as the database does, and fails on any that doesn't add up. */
export class CountingStore implements NodeSource {
  readonly counts = new Map<string, number>();
  readonly #bytes = new Map<string, Uint8Array>();
  root = EMPTY_ROOT;

  node(hash: Uint8Array) {
    const bytes = this.value(hash);
    return bytes && decodeNode(bytes);
  }

  value(hash: Uint8Array) {
    return this.#bytes.get(toHex(hash));
  }

  update(changes: readonly Change[], version: StateVersion): void {
    const update = updateTrie({ source: this, root: this.root, version }, changes);
    for (const { hash, bytes, count } of update.inserted) {
      this.#bytes.set(toHex(hash), bytes);
      this.counts.set(toHex(hash), (this.counts.get(toHex(hash)) ?? 0) + count);
    }
    for (const { hash, count } of update.removed) this.#release(toHex(hash), count);
    this.root = update.root;
  }

  #release(hash: string, count: number): void {
    const left = (this.counts.get(hash) ?? 0) - count;
    if (left < 0) throw new RangeError(`${hash} is released too often`);
    if (left > 0) {
      this.counts.set(hash, left);
      return;
    }
    this.counts.delete(hash);
    this.#bytes.delete(hash);
  }
}
