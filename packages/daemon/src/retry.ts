import { delay } from './timing.ts';

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** How often to try in all. Default: until the signal aborts. */
  readonly attempts?: number;
  /** Wait after the first failure, in ms; doubles each time. Default 500. */
  readonly baseMs?: number;
  /** The longest wait, in ms. Default 30 000. */
  readonly maxMs?: number;
  /** Errors for which this says false are thrown at once. */
  readonly retryable?: (error: unknown) => boolean;
  readonly onRetry?: (error: unknown, waitMs: number, attempt: number) => void;
  /** A number from 0 up to 1; spreads the waits of many clients. */
  readonly random?: () => number;
}

/** Runs `work` until it succeeds, waiting longer after each failure. Throws the last error, or the signal's reason. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, attempts = Infinity, retryable = () => true } = options;
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await work(attempt);
    } catch (error) {
      if (signal.aborted || attempt >= attempts || !retryable(error)) throw error;
      const waitMs = backoff(attempt, options);
      options.onRetry?.(error, waitMs, attempt);
      await delay(waitMs, signal);
    }
  }
}

/** The wait after the given failed attempt: exponential, capped, with the upper half random. */
function backoff(attempt: number, options: RetryOptions): number {
  const { baseMs = 500, maxMs = 30_000, random = Math.random } = options;
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random());
}
