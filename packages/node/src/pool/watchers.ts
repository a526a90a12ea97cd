import type { Hash } from '../header.ts';
import type { Logger } from '../logger.ts';
import { isFinalStatus, type StatusListener, type TransactionStatus } from './status.ts';

/** Holds statuses back until `start`, so that the caller has its subscription before the first of them. */
class Watcher {
  readonly #listener: StatusListener;
  readonly #logger: Logger;
  #held: TransactionStatus[] | undefined = [];
  #ended = false;

  constructor(listener: StatusListener, logger: Logger) {
    this.#listener = listener;
    this.#logger = logger;
  }

  start(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const status of held) this.tell(status);
  }

  end(): void {
    this.#ended = true;
  }

  tell(status: TransactionStatus): void {
    if (this.#ended) return;
    if (this.#held) {
      this.#held.push(status);
      return;
    }
    try {
      this.#listener(status);
    } catch (error) {
      this.#logger.warn({ err: error }, 'A listener to a transaction failed');
    }
  }
}

export interface Watch {
  start(): void;
  end(): void;
}

/** Who wants to know what becomes of which transaction. */
export class Watchers {
  readonly #logger: Logger;
  readonly #byHash = new Map<Hash, Set<Watcher>>();
  /** Transactions in blocks that are not final yet. */
  readonly #inBlocks = new Map<Hash, { hash: Hash; index: number }[]>();
  #count = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get count(): number {
    return this.#count;
  }

  add(hash: Hash, listener: StatusListener): Watch {
    const watcher = new Watcher(listener, this.#logger);
    const watchers = this.#byHash.get(hash) ?? new Set();
    this.#byHash.set(hash, watchers.add(watcher));
    this.#count += 1;
    return {
      start: () => watcher.start(),
      end: () => {
        watcher.end();
        if (!watchers.delete(watcher)) return;
        this.#count -= 1;
        if (watchers.size === 0 && this.#byHash.get(hash) === watchers) this.#byHash.delete(hash);
      },
    };
  }

  tell(hash: Hash, status: TransactionStatus): void {
    const watchers = this.#byHash.get(hash);
    if (!watchers) return;
    if (isFinalStatus(status)) {
      this.#byHash.delete(hash);
      this.#count -= watchers.size;
    }
    for (const watcher of [...watchers]) watcher.tell(status);
    if (isFinalStatus(status)) watchers.clear();
  }

  /** Extrinsics of an imported block, in its order. */
  included(block: Hash, extrinsics: readonly { readonly hash: Hash }[]): void {
    if (this.#byHash.size === 0) return;
    const watched: { hash: Hash; index: number }[] = [];
    for (const [index, { hash }] of extrinsics.entries())
      if (this.#byHash.has(hash)) watched.push({ hash, index });
    if (watched.length === 0) return;
    this.#inBlocks.set(block, watched);
    for (const { hash, index } of watched) this.tell(hash, { type: 'inBlock', block, index });
  }

  finalized(block: Hash): void {
    for (const { hash, index } of this.#inBlocks.get(block) ?? []) {
      this.tell(hash, { type: 'finalized', block, index });
    }
    this.#inBlocks.delete(block);
  }
}
