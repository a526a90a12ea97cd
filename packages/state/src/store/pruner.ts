import { toHex } from '@hamster/crypto';
import type { Database, RootDatabase } from 'lmdb';
import { StateError } from '../errors.ts';
import { sameBlock, type BlockRef, type Journal } from './journal.ts';
import type { NodeTable } from './node-table.ts';

/** Keep the states of that many of the latest final blocks, or all of them. */
export type Pruning = number | 'archive';

/** After the window was made smaller, at most so many states go with each block, to keep blocks on time. */
const MAX_STATES_PER_BLOCK = 16;

const FINALIZED = 'finalized';
/** Number of the block whose journal was applied last: the states before it are gone. */
const PRUNED = 'pruned';

const tableOf = (env: RootDatabase): Database<BlockRef | number, string> =>
  env.openDB({ name: 'state-pruning', encoding: 'msgpack' });

/** States before the block with this number are gone; 0 when all are there. */
export const lastPruned = (env: RootDatabase): number =>
  (tableOf(env).get(PRUNED) as number | undefined) ?? 0;

export interface PrunerParts {
  readonly env: RootDatabase;
  readonly journal: Journal;
  readonly nodes: NodeTable;
  readonly pruning: Pruning;
}

/** Gives up the states of blocks that lost, and of final blocks that became old. What it writes is staged. */
export class Pruner {
  readonly #journal: Journal;
  readonly #nodes: NodeTable;
  readonly #pruning: Pruning;
  readonly #meta: Database<BlockRef | number, string>;
  readonly #staged = new Map<string, BlockRef | number>();

  constructor({ env, journal, nodes, pruning }: PrunerParts) {
    this.#journal = journal;
    this.#nodes = nodes;
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

  *#discardRivals(winner: BlockRef): Generator<void> {
    for (const hash of this.#journal.stagedAt(winner.number)) {
      const rival = { number: winner.number, hash };
      if (sameBlock(rival, winner)) continue;
      yield* this.#giveUp(this.#journal.staged(rival)?.inserted ?? []);
      this.#journal.delete(rival);
    }
  }

  /** An archive never gives up nodes: only the list of changed keys is worth its room. */
  #trim(block: BlockRef): void {
    const entry = this.#journal.staged(block);
    if (entry) this.#journal.put(block, { ...entry, inserted: [], removed: [] });
  }

  *#prune(finalized: number, keep: number): Generator<void> {
    const pruned = (this.#get(PRUNED) as number | undefined) ?? 0;
    const target = Math.min(finalized - keep + 1, pruned + MAX_STATES_PER_BLOCK);
    for (let number = pruned + 1; number <= target; number++) {
      for (const hash of this.#journal.stagedAt(number)) {
        yield* this.#giveUp(this.#journal.staged({ number, hash })?.removed ?? []);
        this.#journal.delete({ number, hash });
      }
      this.#staged.set(PRUNED, number);
    }
  }

  *#giveUp(nodes: readonly (readonly [hash: Uint8Array, count: number])[]): Generator<void> {
    for (const [hash, count] of nodes) {
      this.#nodes.remove(hash, count);
      yield;
    }
  }
}

function outOfOrder(from: BlockRef, to: BlockRef): never {
  throw new StateError(
    'STATE_ORDER',
    `Block #${to.number} ${toHex(to.hash)} does not descend from the final block #${from.number} ${toHex(from.hash)}`,
  );
}
