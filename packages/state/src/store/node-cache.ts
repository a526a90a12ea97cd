import { copied } from '../trie/memory.ts';
import type { Place, TrieNode, ValueRef } from '../trie/node.ts';

/** Bytes of V8's heap, as measured: a node's object and its place in a map. */
const NODE = 100;
/** An array of bytes, beside the bytes. */
const BYTES = 240;
/** An object that holds one. */
const HOLDER = 32;

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
    if (old) this.set(place, copyOf(old));
    return old;
  }

  set(place: Place, node: TrieNode): void {
    this.#young.set(place, node);
    this.#weight += weightOf(node);
    if (this.#weight < this.#half) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#weight = 0;
  }
}

/** Without what else is in its pages, and may be gone. */
const copyOf = ({ partial, value, children }: TrieNode): TrieNode => ({
  partial: copied(partial),
  value,
  children: children?.copy(),
});

function weightOf({ partial, value, children }: TrieNode): number {
  let weight = NODE + BYTES + partial.length;
  if (value) weight += HOLDER + BYTES + lengthOf(value);
  if (children) weight += HOLDER + 2 * BYTES + children.encoded.length + children.places.length;
  return weight;
}

const lengthOf = (value: ValueRef): number => ('hash' in value ? value.hash : value.inline).length;
