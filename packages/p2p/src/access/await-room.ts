import { PeerError } from '../errors.ts';
import { beforeAbort } from '../signals.ts';

/** Between one try and the next, in ms; up to half of each is left out by chance, so that those refused together do not come back together. */
const WAITS_MS = [100, 200, 400, 800, 1600];

/**
 * Asks again, a few times, while the provider has no place for one more stream: a browser opens many and soon closes them. For requests
 * that do no harm when they come again. Throws what the last try did.
 */
export async function awaitRoom<T>(
  signal: AbortSignal,
  ask: () => Promise<T>,
  waitsMs: readonly number[] = WAITS_MS,
): Promise<T> {
  for (const ms of waitsMs) {
    try {
      return await ask();
    } catch (error) {
      if (!isFull(error) || signal.aborted) throw error;
      await passed(ms * (1 - Math.random() / 2), signal, error);
    }
  }
  return ask();
}

/** Who has no time left is told what was in the way, and not that time is over. */
async function passed(ms: number, signal: AbortSignal, why: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await beforeAbort(wait, signal);
  } catch {
    throw why;
  } finally {
    clearTimeout(timer);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof PeerError && error.code === 'TOO_MANY_STREAMS';
}
