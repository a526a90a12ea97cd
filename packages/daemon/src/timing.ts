import { DaemonError } from './errors.ts';

/** Resolves after `ms`, or rejects with the signal's reason at once. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Waits for `work` until the deadline or the signal, whichever comes first. The work itself is not
 * cancelled: hand it the same signal if it should stop.
 */
export async function withDeadline<T>(
  work: () => Promise<T>,
  deadlineMs: number | undefined,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const watch = Promise.withResolvers<never>();
  const onAbort = (): void => watch.reject(signal?.reason as Error);
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    deadlineMs === undefined || deadlineMs === Infinity
      ? undefined
      : setTimeout(() => watch.reject(tooSlow(deadlineMs)), deadlineMs);
  try {
    return await Promise.race([work(), watch.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function tooSlow(ms: number): DaemonError {
  return new DaemonError('DEADLINE', `It took longer than ${ms / 1000} seconds.`, { fault: 'transient' });
}
