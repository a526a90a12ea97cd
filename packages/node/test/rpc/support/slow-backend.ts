import type { StateReader } from '@hamster/frame';
import type { Hash } from '../../../src/header.ts';
import { FakeBackend } from './fake-backend.ts';

/** Longer than a slice. */
function work(): void {
  for (const since = performance.now(); performance.now() - since < 3;);
}

/** Every value, every listing of keys and every proof takes longer to read than a slice is. Says in which turns of the event loop they were read. */
export class SlowBackend extends FakeBackend {
  readonly reads: number[] = [];
  /** Listings of keys, each from a key on. */
  readonly listings: number[] = [];
  readonly proofs: number[] = [];
  onRead: () => void = () => undefined;
  #round = 0;
  #counting = true;

  constructor(initial: Readonly<Record<string, string>> = { '0xaa': '0x01' }) {
    super(initial);
    this.#count();
  }

  override stateAt(hash: Hash): StateReader | undefined {
    const state = super.stateAt(hash);
    return (
      state && {
        get: (key) => {
          this.#read(this.reads);
          return state.get(key);
        },
        nextKey: (after) => state.nextKey(after),
        keys: (prefix, startAfter) => {
          this.#read(this.listings);
          return state.keys(prefix, startAfter);
        },
      }
    );
  }

  override proof(hash: Hash, keys: readonly Uint8Array[]): Uint8Array[] | undefined {
    this.#read(this.proofs);
    return super.proof(hash, keys);
  }

  stop(): void {
    this.#counting = false;
  }

  #read(rounds: number[]): void {
    rounds.push(this.#round);
    this.onRead();
    work();
  }

  #count(): void {
    this.#round += 1;
    if (this.#counting) setImmediate(() => this.#count());
  }
}
