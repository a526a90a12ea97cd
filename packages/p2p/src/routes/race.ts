import { asError, PeerError } from '../errors.ts';

/** One way to get a T. */
export interface Attempt<T> {
  /** For the user: "through gateway 12D3…". */
  readonly label: string;
  run(signal: AbortSignal): Promise<T>;
}

export interface RaceOptions<T> {
  readonly signal: AbortSignal;
  /** The next attempt starts after this time, in ms, or as soon as one has failed. */
  readonly staggerMs: number;
  /** Each attempt's own deadline, in ms. */
  readonly attemptMs: number;
  /** Gets rid of a result that came after the winner's. */
  discard(late: T): void;
}

/**
 * Starts the attempts one after the other without waiting for a slow one, and takes the first that succeeds; the
 * rest is aborted. Throws PeerError NO_ROUTE with every attempt's reason, or the signal's reason.
 */
export function race<T>(attempts: readonly Attempt<T>[], options: RaceOptions<T>): Promise<T> {
  const { signal, staggerMs, attemptMs, discard } = options;
  return new Promise((resolve, reject) => {
    const reasons: string[] = [];
    const running = new Set<AbortController>();
    const queue = [...attempts];
    let timer: NodeJS.Timeout | undefined;
    let settled = false;

    const settle = (finish: () => void): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const controller of running) controller.abort();
      finish();
    };
    const onAbort = (): void => settle(() => reject(asError(signal.reason)));

    const next = (): void => {
      clearTimeout(timer);
      const attempt = queue.shift();
      if (attempt) {
        void runOne(attempt);
        timer = setTimeout(next, staggerMs);
      } else if (running.size === 0) {
        settle(() => reject(new PeerError('NO_ROUTE', noRoute(reasons))));
      }
    };

    const runOne = async (attempt: Attempt<T>): Promise<void> => {
      const controller = new AbortController();
      const deadline = setTimeout(() => controller.abort(), attemptMs);
      running.add(controller);
      try {
        const result = await attempt.run(controller.signal);
        running.delete(controller);
        if (settled) discard(result);
        else settle(() => resolve(result));
      } catch (error) {
        running.delete(controller);
        reasons.push(`${attempt.label}: ${reasonOf(error, controller.signal)}`);
        if (!settled) next();
      } finally {
        clearTimeout(deadline);
      }
    };

    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else next();
  });
}

/** What the attempt knows itself is more than that it took too long. */
function reasonOf(error: unknown, { aborted }: AbortSignal): string {
  return aborted && !(error instanceof PeerError) ? 'no answer in time' : asError(error).message;
}

function noRoute(reasons: readonly string[]): string {
  return reasons.length === 0 ? 'There is no way to try' : `No way led there: ${reasons.join('; ')}`;
}
