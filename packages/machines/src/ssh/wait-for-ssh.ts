import type { Endpoint } from '../driver.ts';
import { deadlineSignal, pollUntil } from '../host/poll.ts';
import { fetchHostKey } from './host-key.ts';

const ATTEMPT_MS = 15_000;
const INTERVAL_MS = 100;

export type SshWait = { endpoint: Endpoint; timeoutMs: number; signal?: AbortSignal | undefined };

/** The host key as soon as SSH answers; undefined when `timeoutMs` pass first. Throws when `signal` fires. */
export async function waitForSsh({ endpoint, timeoutMs, signal }: SshWait): Promise<string | undefined> {
  const deadline = deadlineSignal(timeoutMs, signal);
  const probe = async (): Promise<string | undefined> => {
    const attempt = await fetchHostKey(endpoint, ATTEMPT_MS, deadline);
    return 'hostKey' in attempt ? attempt.hostKey : undefined;
  };
  try {
    return await pollUntil(probe, { signal: deadline, intervalMs: INTERVAL_MS });
  } catch (error) {
    signal?.throwIfAborted();
    if (deadline.aborted) return undefined;
    throw error;
  }
}
