import type { Hash } from '../header.ts';
import { Slices } from '../slices.ts';
import type { TransactionGraph } from './graph.ts';
import { Heap } from './heap.ts';
import type { PoolTransaction } from './transaction.ts';

/**
 * Ready transactions for one block: those that pay most first, among equals those that came first, and none before what
 * it depends on. As they were at the start: what comes into the graph later waits for the next block.
 */
export class ReadyOrder {
  readonly #graph: TransactionGraph;
  readonly #heap = new Heap<PoolTransaction>(goesFirst);
  /** How many others a transaction still waits for. */
  readonly #waits = new Map<Hash, number>();

  private constructor(graph: TransactionGraph) {
    this.#graph = graph;
  }

  /** Of all that is in the graph now. */
  static of(graph: TransactionGraph): ReadyOrder {
    const order = new ReadyOrder(graph);
    for (const transaction of graph.transactions()) order.#add(transaction);
    return order;
  }

  /**
   * The same in slices, of what came before the transaction with that sequence. What leaves the graph meanwhile may be in it
   * or not; what comes, or comes again, waits for the next block.
   */
  static async inSlices(graph: TransactionGraph, before: number): Promise<ReadyOrder> {
    const order = new ReadyOrder(graph);
    const slices = new Slices();
    for (const transaction of graph.transactions()) {
      if (transaction.sequence >= before) break;
      order.#add(transaction);
      if (slices.isOver) await slices.rest();
    }
    return order;
  }

  #add(transaction: PoolTransaction): void {
    if (!this.#graph.isReady(transaction.hash)) return;
    const waits = this.#graph.dependencies(transaction);
    if (waits === 0) this.#heap.push(transaction);
    else this.#waits.set(transaction.hash, waits);
  }

  take(): PoolTransaction | undefined {
    return this.#heap.pop();
  }

  /** To be called when a taken one is in the block: lets those follow that depend on it. */
  included(transaction: PoolTransaction): void {
    for (const dependent of this.#graph.dependents(transaction)) {
      const waits = (this.#waits.get(dependent.hash) ?? 0) - 1;
      this.#waits.set(dependent.hash, waits);
      if (waits === 0) this.#heap.push(dependent);
    }
  }
}

function goesFirst(a: PoolTransaction, b: PoolTransaction): boolean {
  if (a.validity.priority !== b.validity.priority) return a.validity.priority > b.validity.priority;
  return a.sequence < b.sequence;
}
