import { toKey } from '@hamster/crypto';
import type { StateReader } from '@hamster/frame';

/** A state that remembers which keys were looked at. */
export class RecordingState implements StateReader {
  readonly #state: StateReader;
  readonly #grown: (count: number) => void;
  readonly #keys = new Map<string, Uint8Array>();

  /** `grown` is told how many keys there are by now, and may throw. */
  constructor(state: StateReader, grown: (count: number) => void = () => undefined) {
    this.#state = state;
    this.#grown = grown;
  }

  /** The keys that were looked at, each once. */
  seen(): Uint8Array[] {
    return [...this.#keys.values()];
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#see(key);
    return this.#state.get(key);
  }

  nextKey(after: Uint8Array): Uint8Array | undefined {
    this.#see(after);
    const next = this.#state.nextKey(after);
    if (next) this.#see(next);
    return next;
  }

  *keys(prefix: Uint8Array, startAfter?: Uint8Array): Generator<Uint8Array> {
    this.#see(startAfter ?? prefix);
    for (const key of this.#state.keys(prefix, startAfter)) {
      this.#see(key);
      yield key;
    }
  }

  #see(key: Uint8Array): void {
    this.#keys.set(toKey(key), key);
    this.#grown(this.#keys.size);
  }
}
