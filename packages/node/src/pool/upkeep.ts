import type { DecodedExtrinsic } from '@hamster/frame';
import type { HashedExtrinsic } from '../execution/hashed-extrinsic.ts';
import { Slices } from '../slices.ts';
import { dependentsOf, type TransactionGraph } from './graph.ts';
import { Line } from './line.ts';
import { PoolTransaction, signerOf } from './transaction.ts';

export interface UpkeepParts {
  readonly graph: TransactionGraph;
  /** Of those that wait, so many are checked again with each block, in turn. */
  readonly revalidatedPerBlock: number;
  /** Validates a transaction of the graph again, and takes it out if it is good no more. */
  revalidate(transaction: PoolTransaction): void;
  /** Tells of what changed in the graph. */
  announce(): void;
}

/**
 * Keeps the pool in step with the chain: what is in a block leaves, what waited for it goes on, and what the block touches is
 * validated again. As much as fits into a slice is done at once, the rest between other things.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  /** What is in a block and has not left the graph yet, and what never was there. */
  readonly #departing = new Line<PoolTransaction | DecodedExtrinsic>();
  readonly #stale = new Line<PoolTransaction>();
  #working: Promise<void> | undefined;
  /** Sequence number of the transaction up to which the round of checks has come. */
  #checked = -1;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Begins with what a block asks for that holds these extrinsics. */
  follow(included: Iterable<HashedExtrinsic>): void {
    for (const each of included) this.#expect(this.#pooled(each) ?? each.extrinsic);
    for (const transaction of this.#nextInTurn()) this.#suspect(transaction);
    const slices = new Slices();
    this.#work(slices);
    if (this.#isBusy) this.#working ??= this.#finish(slices);
  }

  /** Takes the rest of what is in blocks out of the graph, in slices. */
  async departed(): Promise<void> {
    const slices = new Slices();
    while (this.#departing.length > 0) {
      this.#work(slices);
      await slices.pause();
    }
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    await this.#working;
  }

  get #isBusy(): boolean {
    return this.#departing.length > 0 || this.#stale.length > 0;
  }

  async #finish(slices: Slices): Promise<void> {
    try {
      while (this.#isBusy) {
        await slices.rest();
        this.#work(slices);
        this.#parts.announce();
      }
    } finally {
      this.#working = undefined;
    }
  }

  /** Until the slice is over; whatever is in a block leaves before anything is validated. */
  #work(slices: Slices): void {
    for (let next = this.#departing.take(); next; next = this.#departing.take()) {
      this.#depart(next);
      if (slices.isOver) return;
    }
    for (let next = this.#stale.take(); next; next = this.#stale.take()) {
      if (!next.isStale) continue;
      next.isStale = false;
      this.#parts.revalidate(next);
      if (slices.isOver) return;
    }
  }

  /** In a block that was made here it is the pool's own, and need not be looked for. */
  #pooled(included: HashedExtrinsic): PoolTransaction | undefined {
    if (included instanceof PoolTransaction && included.isPooled) return included;
    return this.#parts.graph.get(included.hash);
  }

  #expect(included: PoolTransaction | DecodedExtrinsic): void {
    if (included instanceof PoolTransaction) included.isDeparting = true;
    this.#departing.push(included);
  }

  /** The block changed something for the next transactions of a signer who is in it. */
  #depart(included: PoolTransaction | DecodedExtrinsic): void {
    const { graph } = this.#parts;
    if (included instanceof PoolTransaction && included.isPooled) {
      for (const next of dependentsOf(included)) this.#suspect(next);
      graph.fulfil(included);
      included.isStale = false;
      return;
    }
    const signer = included instanceof PoolTransaction ? included.signer : signerOf(included);
    if (signer) for (const next of graph.ofSigner(signer)) this.#suspect(next);
  }

  #suspect(transaction: PoolTransaction): void {
    if (transaction.isDeparting || transaction.isStale) return;
    transaction.isStale = true;
    this.#stale.push(transaction);
  }

  /** The share of the whole pool that is checked with this block. */
  #nextInTurn(): PoolTransaction[] {
    const { graph, revalidatedPerBlock } = this.#parts;
    const turn: PoolTransaction[] = [];
    let last = -1;
    for (const transaction of graph.transactions()) {
      if (turn.length >= revalidatedPerBlock) break;
      if (transaction.sequence <= this.#checked) continue;
      turn.push(transaction);
      last = transaction.sequence;
    }
    this.#checked = turn.length < revalidatedPerBlock ? -1 : last;
    return turn;
  }
}
