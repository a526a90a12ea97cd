import { verifySignature, type SignatureClaim } from '@hamster/crypto';
import { NodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { TrueClaims } from './true-claims.ts';
import { WorkerThread } from './worker-thread.ts';

export interface VerifierOptions {
  /** Threads. */
  readonly workers: number;
  /** Claims that may wait; one more is refused with NODE_BUSY. */
  readonly maxWaiting: number;
  readonly logger: Logger;
}

/** Told once of a claim, one or the other. Must not throw. */
export interface ClaimListener {
  checked(valid: boolean): void;
  /** With NODE_BUSY, NODE_CLOSED, or why the thread died that had it. */
  failed(error: Error): void;
}

interface Job {
  readonly claim: SignatureClaim;
  readonly listener: ClaimListener;
}

/** Claims handed to a thread at once: enough to hide the hand-over, few enough to keep answers quick. */
const BATCH = 64;
/** Batches that a thread is given: the one that it checks, and the next. What comes meanwhile fills the one after that. */
const AHEAD = 2;
/** True claims remembered, so that a block with what the pool holds verifies nothing again. */
const REMEMBERED = 16_384;

/** Checks signatures in worker threads, in batches, and remembers which ones were good. */
export class SignatureVerifier {
  readonly #options: VerifierOptions;
  readonly #good = new TrueClaims(REMEMBERED);
  readonly #threads: WorkerThread[];
  #queue: Job[] = [];
  #waiting = 0;
  #scheduled = false;
  #closed = false;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#threads = Array.from({ length: Math.max(1, options.workers) }, () => this.#thread());
  }

  /** Whether the claim holds. Rejects with NODE_BUSY or NODE_CLOSED. */
  verify(claim: SignatureClaim): Promise<boolean> {
    return new Promise((checked, failed) => this.check(claim, { checked, failed }));
  }

  /** The same for a listener, which is told at once what is known at once. */
  check(claim: SignatureClaim, listener: ClaimListener): void {
    if (this.#good.has(claim)) listener.checked(true);
    else if (this.#closed) listener.failed(closed());
    else if (this.#waiting >= this.#options.maxWaiting) listener.failed(busy(this.#waiting));
    else this.#add({ claim, listener });
  }

  /** The same at once, on this thread; costs nothing for a claim that was found good lately. */
  verifyNow(claim: SignatureClaim): boolean {
    if (this.#good.has(claim)) return true;
    const valid = verifySignature(claim);
    if (valid) this.#good.add(claim);
    return valid;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#fail(this.#queue.splice(0), closed());
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close(closed())));
  }

  #thread(): WorkerThread {
    return new WorkerThread((dead, error) => {
      this.#options.logger.error({ err: error }, 'A signature thread died, a new one takes over');
      const index = this.#threads.indexOf(dead);
      if (index >= 0) this.#threads[index] = this.#thread();
    });
  }

  #add(job: Job): void {
    this.#waiting += 1;
    this.#queue.push(job);
    this.#schedule();
  }

  /** Waits for the rest of this turn of the event loop, to fill the batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#handOver();
    });
  }

  #handOver(): void {
    while (this.#queue.length > 0) {
      const [idlest] = this.#threads.toSorted((a, b) => a.load - b.load);
      if (!idlest || idlest.load >= AHEAD) return;
      void this.#send(idlest, this.#queue.splice(0, BATCH));
    }
  }

  async #send(thread: WorkerThread, jobs: readonly Job[]): Promise<void> {
    try {
      const valid = await thread.verify(jobs.map(({ claim }) => claim));
      jobs.forEach((job, index) => this.#settle(job, valid[index] === true));
    } catch (error) {
      this.#fail(jobs, error as Error);
    }
    this.#handOver();
  }

  #fail(jobs: readonly Job[], error: Error): void {
    this.#waiting -= jobs.length;
    for (const { listener } of jobs) listener.failed(error);
  }

  #settle({ claim, listener }: Job, valid: boolean): void {
    this.#waiting -= 1;
    if (valid) this.#good.add(claim);
    listener.checked(valid);
  }
}

const busy = (waiting: number): NodeError =>
  new NodeError('NODE_BUSY', `${waiting} signatures wait to be checked: try again later`);

const closed = (): NodeError => new NodeError('NODE_CLOSED', 'The node is shutting down');
