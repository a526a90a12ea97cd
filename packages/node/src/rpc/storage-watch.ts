import type { StateReader } from '@hamster/frame';
import type { Backend } from '../backend.ts';
import type { Hash } from '../header.ts';
import { ALWAYS_WRITTEN } from './always-written.ts';
import type { FeedEvent } from './block-feed.ts';
import { hexOrNull } from './blocks.ts';
import { isDiscarded } from './discarded.ts';
import type { Steps } from './protocol/steps.ts';

type Change = [key: string, value: string | null];

interface WatchInit {
  readonly backend: Backend;
  /** Under their names in hex. */
  readonly keys: ReadonlyMap<string, Uint8Array>;
  tell(block: Hash, changes: readonly Change[]): void;
}

/** What one client has been told of the values under some keys. Values are read in steps. */
export class StorageWatch {
  readonly #init: WatchInit;
  /** The block whose values the client knows; undefined for none. */
  #last: Hash | undefined;

  constructor(init: WatchInit) {
    this.#init = init;
  }

  /** All values as they are now. */
  start(): Steps<void> {
    return this.#goTo(this.#init.backend.best().hash);
  }

  /** What a new best block changed. */
  onBlock(event: FeedEvent): Steps<void> | undefined {
    // A client that has just come may have been told of this block already.
    if (!event.isBest || event.hash === this.#last) return undefined;
    // Only for a child of the last block told does the block's own change set say everything.
    const isNext = event.header.parentHash === this.#last;
    return this.#goTo(event.hash, isNext ? event.changedKeys() : undefined);
  }

  /** Where a state is pruned before it was read to its end, the next block tells what this one does not. */
  *#goTo(block: Hash, written?: ReadonlySet<string>): Steps<void> {
    const state = this.#init.backend.stateAt(block);
    if (!state) return;
    try {
      const changes = yield* this.#changes(state, written);
      this.#last = block;
      if (changes.length > 0) this.#init.tell(block, changes);
    } catch (error) {
      if (!isDiscarded(error)) throw error;
    }
  }

  *#changes(after: StateReader, written: ReadonlySet<string> | undefined): Steps<Change[]> {
    const { backend, keys } = this.#init;
    const before = this.#last && backend.stateAt(this.#last);
    const changes: Change[] = [];
    for (const [name, key] of keys) {
      const isAlways = ALWAYS_WRITTEN.has(name);
      if (written && !isAlways && !written.has(name)) continue;
      const value = hexOrNull(after.get(key));
      if (!before || (isAlways && value !== null) || hexOrNull(before.get(key)) !== value)
        changes.push([name, value]);
      yield 0;
    }
    return changes;
  }
}
