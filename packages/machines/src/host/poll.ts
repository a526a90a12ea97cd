import { setTimeout as delay } from 'node:timers/promises';

export type PollOptions = { signal: AbortSignal; intervalMs: number };

/** Asks `probe` until it gives a value; rejects with the signal's reason when that comes first. */
export async function pollUntil<T>(
  probe: () => Promise<T | undefined>,
  { signal, intervalMs }: PollOptions,
): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const value = await probe();
    if (value !== undefined) return value;
    await delay(intervalMs, undefined, { signal });
  }
}

/** A signal that fires after `timeoutMs`, or with `outer`, whichever is first. */
export function deadlineSignal(timeoutMs: number, outer?: AbortSignal): AbortSignal {
  const deadline = AbortSignal.timeout(timeoutMs);
  return outer ? AbortSignal.any([outer, deadline]) : deadline;
}
