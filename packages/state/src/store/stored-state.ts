import type { StateReader } from '@hamster/frame';
import { nextKey, readValue, trieKeys, type Trie } from '../trie/read.ts';

/** A kept state. */
export class StoredState implements StateReader {
  readonly #trie: Trie;

  constructor(trie: Trie) {
    this.#trie = trie;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return readValue(this.#trie, key);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    return nextKey(this.#trie, after);
  }

  /** May be stopped and taken up again later. */
  keys(prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
    return trieKeys(this.#trie, prefix, startAfter);
  }
}
