import { MachineError } from '../errors.ts';
import { deadlineSignal } from './poll.ts';

export type Limit = { what: string; timeoutMs: number; signal?: AbortSignal | undefined };

/**
 * Runs `task` with a signal that fires after `timeoutMs` or with the caller's, whichever is first. Throws the caller's
 * reason, or `TimedOut`.
 */
export async function limited<T>(
  { what, timeoutMs, signal }: Limit,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = deadlineSignal(timeoutMs, signal);
  try {
    return await task(deadline);
  } catch (error) {
    signal?.throwIfAborted();
    if (!deadline.aborted || error instanceof MachineError) throw error;
    throw new MachineError('TimedOut', `${what} took longer than ${timeoutMs} ms`, { cause: error });
  }
}
