import { toHex } from '@hamster/crypto';
import { EMPTY_ROOT, updateTrie, type Change, type NodeSource, type StateVersion } from '../src/index.ts';
import { nodePlaced } from '../src/store/node-record.ts';
import type { Place, Stored, TrieNode } from '../src/trie/node.ts';

interface Kept {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  readonly node: TrieNode | undefined;
}

/** Keeps what is at each place in memory, as the database does, and fails on any that doesn't add up. */
export class PlacedStore implements NodeSource {
  readonly #kept = new Map<Place, Kept>();
  #next = 1;
  #place: Place = 0;
  head = EMPTY_ROOT;

  root(): Place {
    return this.#place;
  }

  node({ place, hash }: Stored) {
    return this.#at(place, hash)?.node;
  }

  value({ place, hash }: Stored) {
    return this.#at(place, hash)?.bytes;
  }

  /** How often each node and value is there. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { hash } of this.#kept.values()) counts.set(toHex(hash), (counts.get(toHex(hash)) ?? 0) + 1);
    return counts;
  }

  update(changes: readonly Change[], version: StateVersion): void {
    const update = updateTrie({ source: this, root: this.head, version }, changes);
    const first = this.#next;
    for (const { hash, bytes, node } of update.inserted) {
      const own = node && nodePlaced(node, first);
      this.#kept.set(this.#next++, { hash, bytes, node: own });
    }
    for (const place of update.removed) {
      if (!this.#kept.delete(place)) throw new RangeError(`${place} is given up twice, or was never there`);
    }
    if (update.inserted.length > 0) this.#place = this.#next - 1;
    this.head = update.root;
  }

  #at(place: Place, hash: Uint8Array): Kept | undefined {
    const kept = this.#kept.get(place);
    if (kept && toHex(kept.hash) !== toHex(hash)) throw new RangeError(`At ${place} is something else`);
    return kept;
  }
}
