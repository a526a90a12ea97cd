import type { Hash } from '../header.ts';
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

  constructor(graph: TransactionGraph) {
    this.#graph = graph;
    for (const transaction of graph.transactions()) {
      if (!graph.isReady(transaction.hash)) continue;
      const waits = graph.dependencies(transaction);
      if (waits === 0) this.#heap.push(transaction);
      else this.#waits.set(transaction.hash, waits);
    }
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
