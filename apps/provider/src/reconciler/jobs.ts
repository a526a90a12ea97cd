/** One job a lease at a time; a job that failed waits before it is tried again. */
export class LeaseJobs {
  readonly #running = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();
  readonly #options: LeaseJobsOptions;

  constructor(options: LeaseJobsOptions) {
    this.#options = options;
  }

  /** Starts the job unless the lease has one already or its last failure is too fresh. */
  run(leaseId: string, job: () => Promise<void>): void {
    if (this.#running.has(leaseId) || this.#waits(leaseId)) return;
    const running = this.#attempt(leaseId, job).finally(() => {
      this.#running.delete(leaseId);
      this.#options.onSettled();
    });
    this.#running.set(leaseId, running);
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  /** Forgets the failures of leases that are of no concern any more. */
  keepOnly(leaseIds: ReadonlySet<string>): void {
    for (const leaseId of this.#failures.keys()) {
      if (!leaseIds.has(leaseId)) this.#failures.delete(leaseId);
    }
  }

  async #attempt(leaseId: string, job: () => Promise<void>): Promise<void> {
    try {
      await job();
      this.#failures.delete(leaseId);
    } catch (error) {
      const attempts = (this.#failures.get(leaseId)?.attempts ?? 0) + 1;
      const waitMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1));
      this.#failures.set(leaseId, { attempts, retryAt: this.#options.now() + waitMs });
      this.#options.onFailed(leaseId, error, waitMs);
    }
  }

  #waits(leaseId: string): boolean {
    const failure = this.#failures.get(leaseId);
    return failure !== undefined && this.#options.now() < failure.retryAt;
  }
}

export interface LeaseJobsOptions {
  /** Of a clock that never goes back, ms: a job must not wait because somebody set the time. */
  readonly now: () => number;
  readonly onFailed: (leaseId: string, error: unknown, waitMs: number) => void;
  readonly onSettled: () => void;
}

interface Failure {
  readonly attempts: number;
  readonly retryAt: number;
}

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;
