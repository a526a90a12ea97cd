import { Slices } from '../slices.ts';
import { dependenciesOf, dependentsOf, type TransactionGraph } from './graph.ts';
import { Heap } from './heap.ts';
import type { PoolTransaction } from './transaction.ts';

/** A transaction's place: as it was at the start, whatever the runtime says of it meanwhile. */
interface Place {
  readonly transaction: PoolTransaction;
  readonly priority: bigint;
  /** How many others it still waits for. */
  waits: number;
}

/**
 * Ready transactions for one block: those that pay most first, among equals those that came first, and none before what
 * it depends on. As they were at the start: what comes into the graph later waits for the next block.
 */
export class ReadyOrder {
  readonly #heap = new Heap<Place>(goesFirst);
  /** By their sequence numbers. */
  readonly #waiting = new Map<number, Place>();

  private constructor() {
    // `inSteps` makes them.
  }

  /**
   * Made in steps, of what came before the transaction with that sequence. What leaves the graph meanwhile may be in it
   * or not; what comes, or comes again, waits for the next block.
   */
  static *inSteps(graph: TransactionGraph, before: number): Generator<undefined, ReadyOrder> {
    const order = new ReadyOrder();
    for (const transaction of graph.transactions()) {
      if (transaction.sequence >= before) break;
      order.#add(transaction);
      yield;
    }
    return order;
  }

  /** As `inSteps`, with other things in between. */
  static inSlices(graph: TransactionGraph, before: number): Promise<ReadyOrder> {
    return new Slices().finish(ReadyOrder.inSteps(graph, before));
  }

  #add(transaction: PoolTransaction): void {
    if (!transaction.isReady) return;
    const waits = dependenciesOf(transaction);
    const place = { transaction, priority: transaction.priority, waits };
    if (waits === 0) this.#heap.push(place);
    else this.#waiting.set(transaction.sequence, place);
  }

  take(): PoolTransaction | undefined {
    return this.#heap.pop()?.transaction;
  }

  /** To be called when a taken one is in the block: lets those follow that depend on it. */
  included(transaction: PoolTransaction): void {
    for (const dependent of dependentsOf(transaction)) {
      const place = this.#waiting.get(dependent.sequence);
      if (!place) continue;
      place.waits -= 1;
      if (place.waits === 0) this.#heap.push(place);
    }
  }
}

function goesFirst(a: Place, b: Place): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  return a.transaction.sequence < b.transaction.sequence;
}
