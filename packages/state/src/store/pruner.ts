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

/** Gives up the states of blocks that lost, and of final blocks that became old. */
export class Pruner {
  readonly #journal: Journal;
  readonly #nodes: NodeTable;
  readonly #pruning: Pruning;
  readonly #meta: Database<BlockRef | number, string>;

  constructor({ env, journal, nodes, pruning }: PrunerParts) {
    this.#journal = journal;
    this.#nodes = nodes;
    this.#pruning = pruning;
    this.#meta = tableOf(env);
  }

  /** Throws STATE_ORDER unless `block` descends from what was final before. Inside of a transaction. */
  finalize(block: BlockRef): void {
    const previous = this.#meta.get(FINALIZED) as BlockRef | undefined;
    if (previous && sameBlock(previous, block)) return;
    for (const winner of previous ? this.#path(previous, block) : []) {
      this.#discardRivals(winner);
      if (this.#pruning === 'archive') this.#trim(winner);
    }
    this.#meta.putSync(FINALIZED, { number: block.number, hash: Buffer.from(block.hash) });
    if (this.#pruning !== 'archive') this.#prune(block.number, this.#pruning);
  }

  /** What was final behind `block` is so no more. Inside of a transaction. */
  revert(block: BlockRef): void {
    const finalized = this.#meta.get(FINALIZED) as BlockRef | undefined;
    if (!finalized || finalized.number <= block.number) return;
    this.#meta.putSync(FINALIZED, { number: block.number, hash: Buffer.from(block.hash) });
  }

  /** The blocks behind `from` up to `to`. */
  #path(from: BlockRef, to: BlockRef): BlockRef[] {
    const path: BlockRef[] = [];
    let block = to;
    while (block.number > from.number) {
      path.push(block);
      const entry = this.#journal.get(block) ?? outOfOrder(from, to);
      block = { number: block.number - 1, hash: entry.parentHash };
    }
    if (!sameBlock(block, from)) outOfOrder(from, to);
    return path.reverse();
  }

  #discardRivals(winner: BlockRef): void {
    for (const hash of this.#journal.at(winner.number)) {
      const rival = { number: winner.number, hash };
      if (sameBlock(rival, winner)) continue;
      this.#giveUp(this.#journal.get(rival)?.inserted ?? []);
      this.#journal.delete(rival);
    }
  }

  /** An archive never gives up nodes: only the list of changed keys is worth its room. */
  #trim(block: BlockRef): void {
    const entry = this.#journal.get(block);
    if (entry) this.#journal.put(block, { ...entry, inserted: [], removed: [] });
  }

  #prune(finalized: number, keep: number): void {
    const pruned = (this.#meta.get(PRUNED) as number | undefined) ?? 0;
    const target = Math.min(finalized - keep + 1, pruned + MAX_STATES_PER_BLOCK);
    for (let number = pruned + 1; number <= target; number++) {
      for (const hash of this.#journal.at(number)) {
        this.#giveUp(this.#journal.get({ number, hash })?.removed ?? []);
        this.#journal.delete({ number, hash });
      }
      this.#meta.putSync(PRUNED, number);
    }
  }

  #giveUp(nodes: readonly (readonly [hash: Uint8Array, count: number])[]): void {
    for (const [hash, count] of nodes) this.#nodes.remove(hash, count);
  }
}

function outOfOrder(from: BlockRef, to: BlockRef): never {
  throw new StateError(
    'STATE_ORDER',
    `Block #${to.number} ${toHex(to.hash)} does not descend from the final block #${from.number} ${toHex(from.hash)}`,
  );
}
