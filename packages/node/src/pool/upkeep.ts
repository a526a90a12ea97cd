import type { DecodedExtrinsic } from '@hamster/frame';
import type { Hash } from '../header.ts';
import { Slices } from '../slices.ts';
import type { TransactionGraph } from './graph.ts';
import { signerOf } from './transaction.ts';

export interface UpkeepParts {
  readonly graph: TransactionGraph;
  /** Of those that wait, so many are checked again with each block, in turn. */
  readonly revalidatedPerBlock: number;
  /** Validates a transaction again, and takes it out if it is good no more. */
  revalidate(hash: Hash): void;
  /** Tells of what changed in the graph. */
  announce(): void;
}

/**
 * Keeps the pool in step with the chain: what is in a block leaves, what waited for it goes on, and what the block touches is
 * validated again. As much as fits into a slice is done at once, the rest between other things.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  /** What is in a block and has not left the graph yet. */
  readonly #departing = new Map<Hash, DecodedExtrinsic>();
  readonly #stale = new Set<Hash>();
  #working: Promise<void> | undefined;
  /** Sequence number of the transaction up to which the round of checks has come. */
  #checked = -1;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** Whether a transaction of the graph is in a block already. */
  isDeparting(hash: Hash): boolean {
    return this.#departing.has(hash);
  }

  /** Begins with what a block asks for that holds these extrinsics, by their hashes. */
  follow(extrinsics: Iterable<readonly [Hash, DecodedExtrinsic]>): void {
    for (const [hash, extrinsic] of extrinsics) this.#departing.set(hash, extrinsic);
    for (const hash of this.#nextInTurn()) this.#suspect(hash);
    const slices = new Slices();
    this.#work(slices);
    if (this.#isBusy) this.#working ??= this.#finish(slices);
  }

  /** Takes the rest of what is in blocks out of the graph, in slices. */
  async departed(): Promise<void> {
    const slices = new Slices();
    while (this.#departing.size > 0) {
      this.#work(slices);
      await slices.pause();
    }
  }

  /** Resolves when nothing is left to do. */
  async idle(): Promise<void> {
    await this.#working;
  }

  get #isBusy(): boolean {
    return this.#departing.size > 0 || this.#stale.size > 0;
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
    for (const [hash, extrinsic] of this.#departing) {
      this.#depart(hash, extrinsic);
      if (slices.isOver) return;
    }
    for (const hash of this.#stale) {
      this.#stale.delete(hash);
      this.#parts.revalidate(hash);
      if (slices.isOver) return;
    }
  }

  /** The block changed something for the next transactions of a signer who is in it. */
  #depart(hash: Hash, extrinsic: DecodedExtrinsic): void {
    const { graph } = this.#parts;
    const known = graph.get(hash);
    const signer = signerOf(extrinsic);
    if (known) for (const next of graph.dependents(known)) this.#suspect(next.hash);
    else if (signer) for (const next of graph.ofSigner(signer)) this.#suspect(next);
    graph.fulfil(hash);
    this.#stale.delete(hash);
    this.#departing.delete(hash);
  }

  #suspect(hash: Hash): void {
    if (!this.#departing.has(hash)) this.#stale.add(hash);
  }

  /** The share of the whole pool that is checked with this block. */
  #nextInTurn(): Hash[] {
    const { graph, revalidatedPerBlock } = this.#parts;
    const turn: Hash[] = [];
    let last = -1;
    for (const { hash, sequence } of graph.transactions()) {
      if (turn.length >= revalidatedPerBlock) break;
      if (sequence <= this.#checked) continue;
      turn.push(hash);
      last = sequence;
    }
    this.#checked = turn.length < revalidatedPerBlock ? -1 : last;
    return turn;
  }
}
