import { toKey } from '../bytes.ts';
import type { TrieNode } from '../trie/node.ts';

/** What a decoded node weighs beyond its bytes: objects, sixteen slots, the key. A rough measure of V8's heap. */
const OVERHEAD = 400;

/**
 * Decoded nodes by hash, bounded by weight. Two generations: when the young one has half of the bound, it becomes the
 * old one and the old one goes, so that what is used stays without any list to keep.
 */
export class NodeCache {
  readonly #half: number;
  #young = new Map<string, TrieNode>();
  #old = new Map<string, TrieNode>();
  #weight = 0;

  constructor(maxBytes: number) {
    this.#half = maxBytes / 2;
  }

  get(hash: Uint8Array): TrieNode | undefined {
    const key = toKey(hash);
    const young = this.#young.get(key);
    if (young) return young;
    const old = this.#old.get(key);
    if (old) this.#keep(key, old, 0);
    return old;
  }

  set(hash: Uint8Array, node: TrieNode, encodedLength: number): void {
    this.#keep(toKey(hash), node, encodedLength);
  }

  #keep(key: string, node: TrieNode, length: number): void {
    this.#young.set(key, node);
    this.#weight += OVERHEAD + length;
    if (this.#weight < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
  }
}
