import { toKey } from '../bytes.ts';
import type { TrieNode } from './node.ts';

export interface Inserted {
  readonly hash: Uint8Array;
  readonly bytes: Uint8Array;
  /** What the bytes encode; undefined for a value. */
  readonly node?: TrieNode;
  readonly count: number;
}

/** Stored nodes and values that an update adds to, or takes from, a trie: one entry for each place where it occurs. */
export interface Turnover {
  readonly inserted: readonly Inserted[];
  readonly removed: readonly { readonly hash: Uint8Array; readonly count: number }[];
}

/** Counts occurrences, so that what is taken out at one place and put in at another cancels out. */
export class Tally {
  readonly #entries = new Map<string, Entry>();

  insert(hash: Uint8Array, bytes: Uint8Array, node?: TrieNode): void {
    const entry = this.#entry(hash);
    entry.count += 1;
    entry.bytes = bytes;
    entry.node = node;
  }

  remove(hash: Uint8Array): void {
    this.#entry(hash).count -= 1;
  }

  turnover(): Turnover {
    const inserted: Inserted[] = [];
    const removed: Turnover['removed'][number][] = [];
    for (const { hash, bytes, node, count } of this.#entries.values()) {
      if (count > 0 && bytes) inserted.push({ hash, bytes, count, ...(node && { node }) });
      if (count < 0) removed.push({ hash, count: -count });
    }
    return { inserted, removed };
  }

  #entry(hash: Uint8Array): Entry {
    const key = toKey(hash);
    let entry = this.#entries.get(key);
    if (!entry) this.#entries.set(key, (entry = { hash, bytes: undefined, node: undefined, count: 0 }));
    return entry;
  }
}

interface Entry {
  readonly hash: Uint8Array;
  bytes: Uint8Array | undefined;
  node: TrieNode | undefined;
  count: number;
}
