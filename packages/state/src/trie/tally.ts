import { fromKey, toKey } from '../bytes.ts';

/** Stored nodes and values that an update adds to, or takes from, a trie: one entry for each place where it occurs. */
export interface Turnover {
  readonly inserted: readonly {
    readonly hash: Uint8Array;
    readonly bytes: Uint8Array;
    readonly count: number;
  }[];
  readonly removed: readonly { readonly hash: Uint8Array; readonly count: number }[];
}

/** Counts occurrences, so that what is taken out at one place and put in at another cancels out. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #bytes = new Map<string, Uint8Array>();

  insert(hash: Uint8Array, bytes: Uint8Array): void {
    const key = toKey(hash);
    this.#bytes.set(key, bytes);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  remove(hash: Uint8Array): void {
    const key = toKey(hash);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) - 1);
  }

  turnover(): Turnover {
    const inserted = [];
    const removed = [];
    for (const [key, count] of this.#counts) {
      const bytes = this.#bytes.get(key);
      if (count > 0 && bytes) inserted.push({ hash: fromKey(key), bytes, count });
      if (count < 0) removed.push({ hash: fromKey(key), count: -count });
    }
    return { inserted, removed };
  }
}
