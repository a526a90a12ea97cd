import { Worker } from 'node:worker_threads';
import type { SignatureClaim } from '@hamster/crypto';
import { packClaims } from './batch.ts';
import { STOP, type ToWorker, type VerifyReply } from './worker-messages.ts';

interface Waiting {
  readonly resolve: (valid: readonly boolean[]) => void;
  readonly reject: (error: Error) => void;
}

/** One thread that checks batches, one after the other. When it dies, what it was given is rejected. */
export class WorkerThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #ended: Promise<unknown>;
  #next = 0;

  constructor(onDeath: (thread: WorkerThread, error: Error) => void) {
    this.#worker = new Worker(new URL('../signature-worker.ts', import.meta.url), { name: 'signatures' });
    this.#worker.unref();
    this.#ended = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#worker.on('message', ({ id, valid }: VerifyReply) => {
      this.#waiting.get(id)?.resolve(valid);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', (error: Error) => {
      onDeath(this, error);
      this.#abandon(error);
    });
  }

  /** Batches under way. */
  get load(): number {
    return this.#waiting.size;
  }

  verify(batch: readonly SignatureClaim[]): Promise<readonly boolean[]> {
    const id = this.#next++;
    const claims = packClaims(batch);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, claims } satisfies ToWorker, [claims.buffer]);
    });
  }

  /**
   * Resolves when the thread has ended by itself, after the batch that it is at. One that is terminated while it loads a native
   * module takes the process down with it.
   */
  async close(reason: Error): Promise<void> {
    this.#abandon(reason);
    this.#worker.ref();
    this.#worker.postMessage(STOP satisfies ToWorker);
    await this.#ended;
  }

  #abandon(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
