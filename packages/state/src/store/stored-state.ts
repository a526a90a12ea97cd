import type { StateReader } from '@hamster/frame';
import { nextKey, readValue, trieKeys, type Trie } from '../trie/read.ts';
import type { FlatTable } from './flat-table.ts';

const PAGE = 256;

/** A kept state. Reads from the flat table as long as that is this state, else from the trie. */
export class StoredState implements StateReader {
  readonly #trie: Trie;
  readonly #flat: FlatTable;

  constructor(trie: Trie, flat: FlatTable) {
    this.#trie = trie;
    this.#flat = flat;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#isFlat() ? this.#flat.get(key) : readValue(this.#trie, key);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    return this.#isFlat() ? this.#flat.nextKey(after) : nextKey(this.#trie, after);
  }

  /** May be stopped and taken up again later, also when the flat table has moved on meanwhile. */
  *keys(prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
    let last = startAfter;
    while (this.#isFlat()) {
      const page = this.#flat.page(prefix, last, PAGE);
      if (page.length === 0) return;
      for (const key of page) {
        yield key;
        last = key;
        if (!this.#isFlat()) break;
      }
    }
    yield* trieKeys(this.#trie, prefix, last);
  }

  #isFlat(): boolean {
    return this.#flat.holds(this.#trie.root);
  }
}
