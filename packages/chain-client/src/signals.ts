import { ChainUnreachable } from './errors.ts';

export interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Waits for `work` until the time is over or the signal aborts. The work itself goes on, so what it
 * resolves to late is handed to `onLate`.
 */
export async function within<T>(
  work: Promise<T>,
  { signal, timeoutMs }: Patience,
  what: string,
  onLate: (value: T) => void = () => undefined,
): Promise<T> {
  const stop = Promise.withResolvers<never>();
  const onAbort = (): void => stop.reject(signal?.reason as Error);
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => stop.reject(tooSlow(what, timeoutMs)), timeoutMs);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, stop.promise]);
  } catch (error) {
    work.then(onLate, () => undefined);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function tooSlow(what: string, timeoutMs: number): ChainUnreachable {
  const message = `${what} took longer than ${timeoutMs / 1000} seconds.`;
  return new ChainUnreachable(message, undefined, 'CHAIN_TIMEOUT');
}
