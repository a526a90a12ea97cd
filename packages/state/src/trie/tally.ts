import { freshPlace, type Place, type Stored, type TrieNode } from './node.ts';

/** A node or value that an update adds. What it refers to and comes with it has a `freshPlace`. */
export interface Inserted {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  /** What the bytes encode; undefined for a value. */
  readonly node: TrieNode | undefined;
}

/** Stored nodes and values that an update adds to, or takes from, a trie: one for each place where it occurs. */
export interface Turnover {
  /** What others refer to comes before them, the root last. */
  readonly inserted: readonly Inserted[];
  readonly removed: readonly Place[];
}

export class Tally implements Turnover {
  readonly inserted: Inserted[] = [];
  readonly removed: Place[] = [];

  insert(hash: Uint8Array, bytes: Uint8Array, node?: TrieNode): Stored {
    this.inserted.push({ hash, bytes, node });
    return { hash, place: freshPlace(this.inserted.length - 1) };
  }

  remove(place: Place): void {
    this.removed.push(place);
  }
}
