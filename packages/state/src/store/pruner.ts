import { toHex } from '@hamster/crypto';
import type { Database, RootDatabase } from 'lmdb';
import { StateError } from '../errors.ts';
import { equalBytes } from '../bytes.ts';
import { sameBlock, type BlockRef, type Journal } from './journal.ts';
import type { Place } from '../trie/node.ts';
import type { Tries } from './tries.ts';

/** Keep the states of that many of the latest final blocks, or all of them. */
export type Pruning = number | 'archive';

/** After the window was made smaller, at most so many states go with each block, to keep blocks on time. */
const MAX_STATES_PER_BLOCK = 16;

const FINALIZED = 'finalized';
/** Number of the block whose journal was applied last: the states before it are gone. */
const PRUNED = 'pruned';
/** Where the root is of the block that was the last one whose journal was applied, or of the first one of all, which has none. */
const BASE = 'base';

const tableOf = (env: RootDatabase): Database<BlockRef | number, string> =>
  env.openDB({ name: 'state-pruning', encoding: 'msgpack' });

/** States before the block with this number are gone; 0 when all are there. */
export const lastPruned = (env: RootDatabase): number =>
  (tableOf(env).get(PRUNED) as number | undefined) ?? 0;

/** The last final block; undefined where none is. */
export const lastFinal = (env: RootDatabase): BlockRef | undefined =>
  tableOf(env).get(FINALIZED) as BlockRef | undefined;

/** The oldest block with a state has no journal: its root is there. At once: inside of a synchronous transaction. */
export const keepBase = (env: RootDatabase, place: Place): void => void tableOf(env).putSync(BASE, place);

export interface PrunerParts {
  readonly env: RootDatabase;
  readonly journal: Journal;
  readonly tries: Tries;
  readonly pruning: Pruning;
}

/** Gives up the states of blocks that lost, and of final blocks that became old. What it writes is staged. */
export class Pruner {
  readonly #journal: Journal;
  readonly #tries: Tries;
  readonly #pruning: Pruning;
  readonly #meta: Database<BlockRef | number, string>;
  readonly #staged = new Map<string, BlockRef | number>();

  constructor({ env, journal, tries, pruning }: PrunerParts) {
    this.#journal = journal;
    this.#tries = tries;
    this.#pruning = pruning;
    this.#meta = tableOf(env);
  }

  /** With stops. Throws STATE_ORDER unless `block` descends from what was final before. */
  *finalize(block: BlockRef): Generator<void> {
    const previous = this.#get(FINALIZED) as BlockRef | undefined;
    if (previous && sameBlock(previous, block)) return;
    for (const winner of previous ? this.#path(previous, block) : []) {
      yield* this.#discardRivals(winner);
      if (this.#pruning === 'archive') this.#trim(winner);
    }
    this.#staged.set(FINALIZED, { number: block.number, hash: Buffer.from(block.hash) });
    if (this.#pruning !== 'archive') yield* this.#prune(block.number, this.#pruning);
  }

  /** What was final behind `block` is so no more. */
  revert(block: BlockRef): void {
    const finalized = this.#get(FINALIZED) as BlockRef | undefined;
    if (!finalized || finalized.number <= block.number) return;
    this.#staged.set(FINALIZED, { number: block.number, hash: Buffer.from(block.hash) });
  }

  /** Where the root is of the only block without a journal on which others may stand, as it will be. */
  base(): Place | undefined {
    return this.#get(BASE) as Place | undefined;
  }

  /** Hands what is staged to LMDB. Inside of a transaction or a batch. */
  flush(): void {
    for (const [key, value] of this.#staged) void this.#meta.put(key, value);
    this.clear();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#staged.clear();
  }

  /** As it will be. */
  #get(key: string): BlockRef | number | undefined {
    return this.#staged.get(key) ?? this.#meta.get(key);
  }

  /** The blocks behind `from` up to `to`. */
  #path(from: BlockRef, to: BlockRef): BlockRef[] {
    const path: BlockRef[] = [];
    let block = to;
    while (block.number > from.number) {
      path.push(block);
      const entry = this.#journal.staged(block) ?? outOfOrder(from, to);
      block = { number: block.number - 1, hash: entry.parentHash };
    }
    if (!sameBlock(block, from)) outOfOrder(from, to);
    return path.reverse();
  }

  /** With all that stands on them. */
  *#discardRivals(winner: BlockRef): Generator<void> {
    let rivals = this.#at(winner.number).filter((rival) => !sameBlock(rival, winner));
    while (rivals.length > 0) {
      const parents = rivals;
      rivals = this.#at(winner.number + 1).filter((block) =>
        parents.some((parent) => this.#isOn(parent, block)),
      );
      for (const rival of parents) yield* this.#discard(rival);
      winner = { ...winner, number: winner.number + 1 };
    }
  }

  *#discard(block: BlockRef): Generator<void> {
    const entry = this.#journal.staged(block);
    if (entry) yield* this.#tries.undo(entry);
    this.#journal.delete(block);
  }

  #at(number: number): BlockRef[] {
    return this.#journal.stagedAt(number).map((hash) => ({ number, hash }));
  }

  #isOn(parent: BlockRef, block: BlockRef): boolean {
    const entry = this.#journal.staged(block);
    return entry !== undefined && equalBytes(entry.parentHash, parent.hash);
  }

  /** An archive never gives up what was replaced. */
  #trim(block: BlockRef): void {
    const entry = this.#journal.staged(block);
    if (entry) this.#journal.put(block, { ...entry, removed: [] });
  }

  *#prune(finalized: number, keep: number): Generator<void> {
    const pruned = (this.#get(PRUNED) as number | undefined) ?? 0;
    const target = Math.min(finalized - keep + 1, pruned + MAX_STATES_PER_BLOCK);
    for (let number = pruned + 1; number <= target; number++) {
      for (const block of this.#at(number)) yield* this.#apply(block);
      this.#staged.set(PRUNED, number);
    }
  }

  /** The state before the block goes; its own one is the oldest then. */
  *#apply(block: BlockRef): Generator<void> {
    const entry = this.#journal.staged(block);
    if (!entry) return;
    yield* this.#tries.retire(entry);
    this.#staged.set(BASE, entry.place);
    this.#journal.delete(block);
  }
}

function outOfOrder(from: BlockRef, to: BlockRef): never {
  throw new StateError(
    'STATE_ORDER',
    `Block #${to.number} ${toHex(to.hash)} does not descend from the final block #${from.number} ${toHex(from.hash)}`,
  );
}
