import type { Place, TrieNode } from '../trie/node.ts';

/** What a decoded node weighs beyond its bytes: objects, sixteen slots, the key. A rough measure of V8's heap. */
const OVERHEAD = 400;

/**
 * Decoded nodes by their places, bounded by weight. Two generations: when the young one has half of the bound, it becomes the
 * old one and the old one goes, so that what is used stays without any list to keep.
 */
export class NodeCache {
  readonly #half: number;
  #young = new Map<Place, TrieNode>();
  #old = new Map<Place, TrieNode>();
  #weight = 0;

  constructor(maxBytes: number) {
    this.#half = maxBytes / 2;
  }

  get(place: Place): TrieNode | undefined {
    const young = this.#young.get(place);
    if (young) return young;
    const old = this.#old.get(place);
    if (old) this.set(place, old, 0);
    return old;
  }

  set(place: Place, node: TrieNode, encodedLength: number): void {
    this.#young.set(place, node);
    this.#weight += OVERHEAD + encodedLength;
    if (this.#weight < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
  }
}
