import { verifySignature, type SignatureClaim } from '@hamster/crypto';
import { NodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { TrueClaims } from './true-claims.ts';
import { WorkerThread } from './worker-thread.ts';

export interface VerifierOptions {
  /** Threads. */
  readonly workers: number;
  /** Claims that may wait for a thread besides those of blocks; one more is refused with NODE_BUSY. */
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
/** True claims remembered, so that a block with what the pool holds verifies nothing again: twice what may be in the pool. */
const REMEMBERED = 32_768;

/** Checks signatures in worker threads, in batches, and remembers which ones were good. */
export class SignatureVerifier {
  readonly #options: VerifierOptions;
  readonly #good = new TrueClaims(REMEMBERED);
  readonly #threads: WorkerThread[];
  /** Of blocks: they go first. */
  readonly #urgent: Job[] = [];
  readonly #queue: Job[] = [];
  /** Whether a block has come since something waits: some of that may be known to be true by now. */
  #mayKnow = false;
  #scheduled = false;
  #closed = false;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#threads = Array.from({ length: Math.max(1, options.workers) }, () => this.#thread());
  }

  /**
   * Whether a claim of a block holds. Goes before all that wait for `check`, and is never refused: blocks come one after the other,
   * and none holds more than fits into it. Rejects with NODE_CLOSED.
   */
  verify(claim: SignatureClaim): Promise<boolean> {
    if (this.#good.has(claim)) return Promise.resolve(true);
    if (this.#closed) return Promise.reject(closed());
    this.#mayKnow = true;
    return new Promise((checked, failed) =>
      this.#add(this.#urgent, { claim, listener: { checked, failed } }),
    );
  }

  /** Whether a claim holds that is in no block yet, for a listener, which is told at once what is known at once. */
  check(claim: SignatureClaim, listener: ClaimListener): void {
    if (this.#good.has(claim)) listener.checked(true);
    else if (this.#closed) listener.failed(closed());
    else if (this.#queue.length >= this.#options.maxWaiting) listener.failed(busy(this.#queue.length));
    else this.#add(this.#queue, { claim, listener });
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
    fail([...this.#urgent.splice(0), ...this.#queue.splice(0)], closed());
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close(closed())));
  }

  #thread(): WorkerThread {
    return new WorkerThread((dead, error) => {
      this.#options.logger.error({ err: error }, 'A signature thread died, a new one takes over');
      const index = this.#threads.indexOf(dead);
      if (index >= 0) this.#threads[index] = this.#thread();
    });
  }

  /** The batch is filled in the rest of this turn of the event loop. */
  #add(line: Job[], job: Job): void {
    line.push(job);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#handOver();
    });
  }

  #handOver(): void {
    while (this.#urgent.length > 0 || this.#queue.length > 0) {
      const [idlest] = this.#threads.toSorted((a, b) => a.load - b.load);
      if (!idlest || idlest.load >= AHEAD) return;
      const isOfBlock = this.#urgent.length > 0;
      const jobs = isOfBlock ? this.#urgent.splice(0, BATCH) : this.#unknown(this.#queue.splice(0, BATCH));
      if (jobs.length > 0) void this.#send(idlest, jobs);
    }
    this.#mayKnow = false;
  }

  /** Tells those of which a block had the claim meanwhile that it is true, and answers the others. */
  #unknown(jobs: readonly Job[]): readonly Job[] {
    if (!this.#mayKnow) return jobs;
    return jobs.filter(({ claim, listener }) => {
      const isKnown = this.#good.has(claim);
      if (isKnown) listener.checked(true);
      return !isKnown;
    });
  }

  async #send(thread: WorkerThread, jobs: readonly Job[]): Promise<void> {
    try {
      const valid = await thread.verify(jobs.map(({ claim }) => claim));
      jobs.forEach((job, index) => this.#settle(job, valid[index] === true));
    } catch (error) {
      fail(jobs, error as Error);
    }
    this.#handOver();
  }

  #settle({ claim, listener }: Job, valid: boolean): void {
    if (valid) this.#good.add(claim);
    listener.checked(valid);
  }
}

const busy = (waiting: number): NodeError =>
  new NodeError('NODE_BUSY', `${waiting} signatures wait to be checked: try again later`);

const closed = (): NodeError => new NodeError('NODE_CLOSED', 'The node is shutting down');

function fail(jobs: readonly Job[], error: Error): void {
  for (const { listener } of jobs) listener.failed(error);
}
