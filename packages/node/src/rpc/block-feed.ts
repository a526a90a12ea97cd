import { toHex } from '@hamster/crypto';
import type { Backend, BlockEvent } from '../backend.ts';
import type { Hash } from '../header.ts';
import type { RpcLog } from './context.ts';

/** A block event with what many subscriptions derive from it, computed once. */
export interface FeedEvent extends BlockEvent {
  /** False when the block is here since long, and only became final now. */
  readonly isNew: boolean;
  /** Blocks that became final with this one, oldest first. */
  readonly newlyFinalized: readonly Hash[];
  /** Hex keys that the block wrote or deleted; undefined when that is not known any more. */
  changedKeys(): ReadonlySet<string> | undefined;
}

export type FeedListener = (event: FeedEvent) => void;

/** Hands each imported block to every subscription of every connection, over one listener of the node. */
export class BlockFeed {
  readonly #backend: Backend;
  readonly #log: RpcLog;
  readonly #listeners = new Set<FeedListener>();
  readonly #stops: readonly (() => void)[];
  #finalizedNumber: number;

  constructor(backend: Backend, log: RpcLog) {
    this.#backend = backend;
    this.#log = log;
    this.#finalizedNumber = backend.finalized().number;
    this.#stops = [
      backend.onBlock((event) => this.#publish({ ...event, isNew: true })),
      backend.onFinalized(({ hash }) => this.#publishFinality(hash)),
    ];
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Returns the removal of the listener. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
  }

  /** Finality that came behind the block; when both came at once, the block's own event has told it. */
  #publishFinality(hash: Hash): void {
    const header = this.#backend.header(hash);
    if (!header || header.number <= this.#finalizedNumber) return;
    this.#publish({ hash, number: header.number, header, isBest: false, isNew: false });
  }

  #publish(block: BlockEvent & { readonly isNew: boolean }): void {
    let keys: ReadonlySet<string> | undefined;
    const event: FeedEvent = {
      ...block,
      newlyFinalized: this.#takeFinalized(),
      changedKeys: () => (keys ??= this.#changedKeys(block.hash)),
    };
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#log.error({ err: error, block: block.hash }, 'A subscription failed on a block');
      }
    }
  }

  #takeFinalized(): Hash[] {
    const hashes: Hash[] = [];
    const { number } = this.#backend.finalized();
    while (this.#finalizedNumber < number) {
      this.#finalizedNumber += 1;
      const hash = this.#backend.hashAt(this.#finalizedNumber);
      if (hash) hashes.push(hash);
    }
    return hashes;
  }

  #changedKeys(hash: Hash): ReadonlySet<string> | undefined {
    const changes = this.#backend.changes(hash);
    return changes && new Set(changes.map((key) => toHex(key)));
  }
}
