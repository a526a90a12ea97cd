import { toHex } from '@hamster/crypto';
import type { Backend, BlockEvent } from '../backend.ts';
import type { Justification } from '../consensus/consensus.ts';
import type { Hash } from '../header.ts';
import type { Task, Turns } from '../turns.ts';
import type { RpcLog } from './context.ts';
import { type Steps, stepsTask } from './protocol/steps.ts';

/** A block event with what many subscriptions derive from it, computed once. */
export interface FeedEvent extends BlockEvent {
  /** False when the block is here since long, and only became final now. */
  readonly isNew: boolean;
  /** Blocks that became final with this one, oldest first. */
  readonly newlyFinalized: readonly Hash[];
  /** Of those of them that have one. */
  readonly justifications: readonly Justification[];
  /** Hex keys that the block wrote or deleted; undefined when that is not known any more. */
  changedKeys(): ReadonlySet<string> | undefined;
}

/** What takes long is done in steps. */
export type FeedListener = (event: FeedEvent) => Steps<void> | void;

/** Who is told. */
interface FeedClient {
  /** Has a task run when it is the client's turn. */
  inTurn(task: Task): void;
  /** Told what is kept in memory for the client, and with a negative number what is not any more. */
  keeps(bytes: number): void;
}

/** About what a block takes that one subscription has yet to be told of. */
const UNTOLD = 400;

/**
 * Hands each imported block to every subscription of every connection, over one listener of the node: to each in a turn of its
 * connection, since there may be hundreds of thousands of them. What they have yet to be told counts as kept.
 */
export class BlockFeed {
  readonly #backend: Backend;
  readonly #log: RpcLog;
  readonly #turns: Turns;
  readonly #listeners = new Map<FeedListener, FeedClient>();
  readonly #stops: readonly (() => void)[];
  #finalizedNumber: number;

  constructor(backend: Backend, log: RpcLog, turns: Turns) {
    this.#backend = backend;
    this.#log = log;
    this.#turns = turns;
    this.#finalizedNumber = backend.finalized().number;
    this.#stops = [
      backend.onBlock((event) => this.#publish({ ...event, isNew: true })),
      backend.onFinalized(({ hash }) => this.#publishFinality(hash)),
    ];
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Those who have no turns of their own share some. Returns the removal of the listener. */
  subscribe(listener: FeedListener, client: FeedClient = this.#shared): () => void {
    this.#listeners.set(listener, client);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
    this.#turns.forget(this);
  }

  readonly #shared: FeedClient = { inTurn: (task) => this.#turns.add(this, task), keeps: () => undefined };

  /** Finality that came behind the block; when both came at once, the block's own event has told it. */
  #publishFinality(hash: Hash): void {
    const header = this.#backend.header(hash);
    if (!header || header.number <= this.#finalizedNumber) return;
    this.#publish({ hash, number: header.number, header, isBest: false, isNew: false });
  }

  #publish(block: BlockEvent & { readonly isNew: boolean }): void {
    // Held weakly: who is told much later must not keep those of all blocks until then.
    let known: WeakRef<ReadonlySet<string>> | undefined;
    const newlyFinalized = this.#takeFinalized();
    const event: FeedEvent = {
      ...block,
      newlyFinalized,
      // Now: of a block that is not the last final one any more there is none.
      justifications: newlyFinalized.flatMap((hash) => this.#backend.justification(hash) ?? []),
      changedKeys: () => {
        const keys = known?.deref() ?? this.#changedKeys(block.hash);
        known = keys && new WeakRef(keys);
        return keys;
      },
    };
    const failed = (error: unknown): void =>
      this.#log.error({ err: error, block: block.hash }, 'A subscription failed on a block');
    for (const [listener, client] of this.#listeners) {
      client.keeps(UNTOLD);
      client.inTurn(stepsTask(this.#tell(listener, client, event), failed));
    }
  }

  *#tell(listener: FeedListener, client: FeedClient, event: FeedEvent): Steps<void> {
    client.keeps(-UNTOLD);
    // It may have ended meanwhile.
    if (this.#listeners.has(listener)) yield* listener(event) ?? [];
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
