import type { SignatureClaim } from '@hamster/crypto';
import type { DecodedExtrinsic } from '@hamster/frame';
import { NodeError } from '../errors.ts';
import type { Hash } from '../header.ts';
import type { ClaimListener, SignatureVerifier } from '../signatures/verifier.ts';
import { Slices } from '../slices.ts';
import { badSignature, poolFull } from './errors.ts';
import { Line } from './line.ts';

/** An extrinsic in front of the pool. */
export interface Newcomer {
  readonly hash: Hash;
  readonly extrinsic: DecodedExtrinsic;
  /** What has to hold for its signature; undefined for one that needs none. */
  readonly claim: SignatureClaim | undefined;
}

export interface ArrivalsParts {
  readonly verifier: SignatureVerifier;
  /** Takes one with a good signature in. Throws PoolError. */
  enter(newcomer: Newcomer): void;
}

/**
 * Extrinsics on their way into the pool: each waits for its signature to be checked, then for its turn, as these come from their
 * threads by the dozen. Hundreds wait here for longer than what is young to the garbage collector: each is one object and its promise.
 */
export class Arrivals {
  readonly #parts: ArrivalsParts;
  readonly #all = new Map<Hash, Arrival>();
  readonly #checked = new Line<Arrival>();
  #scheduled = false;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  has(hash: Hash): boolean {
    return this.#all.has(hash);
  }

  /** Resolves when the extrinsic is in the pool. Rejects with PoolError. */
  take(newcomer: Newcomer): Promise<Hash> {
    const arrival = new Arrival(newcomer, this);
    this.#all.set(newcomer.hash, arrival);
    if (newcomer.claim) this.#parts.verifier.check(newcomer.claim, arrival);
    else arrival.checked(true);
    return arrival.settled;
  }

  /** Resolves when all that was taken before is in the pool or refused. */
  async idle(): Promise<void> {
    await Promise.allSettled([...this.#all.values()].map(({ settled }) => settled));
  }

  /** Has the arrival enter when it has its turn. */
  goOn(arrival: Arrival): void {
    this.#checked.push(arrival);
    this.#schedule();
  }

  refuse(arrival: Arrival, error: Error): void {
    this.#all.delete(arrival.newcomer.hash);
    arrival.reject(error);
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#work());
  }

  #work(): void {
    this.#scheduled = false;
    const slices = new Slices();
    for (let next = this.#checked.take(); next; next = this.#checked.take()) {
      this.#enter(next);
      if (slices.isOver) break;
    }
    if (this.#checked.length > 0) this.#schedule();
  }

  #enter(arrival: Arrival): void {
    const { hash } = arrival.newcomer;
    try {
      this.#parts.enter(arrival.newcomer);
    } catch (error) {
      this.refuse(arrival, error as Error);
      return;
    }
    this.#all.delete(hash);
    arrival.resolve(hash);
  }
}

class Arrival implements ClaimListener {
  readonly newcomer: Newcomer;
  readonly settled: Promise<Hash>;
  readonly #arrivals: Arrivals;
  resolve!: (hash: Hash) => void;
  reject!: (error: Error) => void;

  constructor(newcomer: Newcomer, arrivals: Arrivals) {
    this.newcomer = newcomer;
    this.#arrivals = arrivals;
    this.settled = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  checked(valid: boolean): void {
    if (valid) this.#arrivals.goOn(this);
    else this.#arrivals.refuse(this, badSignature());
  }

  failed(error: Error): void {
    const isBusy = error instanceof NodeError && error.code === 'NODE_BUSY';
    this.#arrivals.refuse(this, isBusy ? poolFull(error.message) : error);
  }
}
