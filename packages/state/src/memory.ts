import type { StateReader } from '@hamster/frame';
import { fromKey, toKey } from './bytes.ts';
import { stepKeys } from './ordered.ts';
import { SortedKeys } from './overlay/sorted-keys.ts';
import type { Change } from './trie/build.ts';

/** A state that stands still, in memory: for genesis and for tests. */
export class MemoryState implements StateReader {
  readonly #values = new Map<string, Uint8Array>();
  readonly #order = new SortedKeys();

  constructor(entries: Iterable<Change> = []) {
    for (const [key, value] of entries) {
      const name = toKey(key);
      if (value) {
        this.#values.set(name, value);
        this.#order.add(name);
      } else if (this.#values.delete(name)) {
        this.#order.delete(name);
      }
    }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(toKey(key));
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    const next = this.#order.after(toKey(after));
    return next === undefined ? undefined : fromKey(next);
  }

  keys(prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
    return stepKeys(this, prefix, startAfter);
  }
}
