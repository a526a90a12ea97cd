import type { Hash } from '../header.ts';
import { Heap } from './heap.ts';
import type { PoolTransaction } from './transaction.ts';

/** A transaction's place. It does not hold the transaction, which may leave for a block long before its turn comes. */
interface Place {
  readonly hash: Hash;
  readonly sequence: number;
  readonly priority: bigint;
}

/** In which order transactions leave a full pool: the one that pays least goes first, of several the one that came last. */
export class LeavingOrder {
  readonly #all: ReadonlyMap<Hash, PoolTransaction>;
  readonly #heap = new Heap<Place>(leavesFirst);

  /** Of all these, which may leave without a word. */
  constructor(all: ReadonlyMap<Hash, PoolTransaction>) {
    this.#all = all;
    // Where all pay alike, each of them has its place at once.
    for (const transaction of [...all.values()].reverse()) this.add(transaction);
  }

  /** Places, also of those that have left. */
  get length(): number {
    return this.#heap.length;
  }

  add({ hash, sequence, priority }: PoolTransaction): void {
    this.#heap.push({ hash, sequence, priority });
  }

  /** As many as are asked for. They stay in the order. */
  *first(): Generator<PoolTransaction, void> {
    const told: Place[] = [];
    try {
      for (let place = this.#heap.pop(); place; place = this.#heap.pop()) {
        const transaction = this.#all.get(place.hash);
        // It may have come again, and has another place then.
        if (transaction?.sequence !== place.sequence) continue;
        told.push(place);
        yield transaction;
      }
    } finally {
      for (const place of told) this.#heap.push(place);
    }
  }
}

function leavesFirst(a: Place, b: Place): boolean {
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.sequence > b.sequence;
}
