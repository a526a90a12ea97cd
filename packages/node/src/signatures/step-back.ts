import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Of all priorities the last: a thread that has another one gets some seventy times as much of a core that both want. */
const NICEST = 19;

/**
 * Has this thread take what the main thread leaves, so that clients are answered, and blocks made, although there are as many of these
 * threads as cores. On Linux each thread has a priority of its own, and it counts among those of the same service, container or
 * terminal, each of which has its share of the host; elsewhere, or where /proc is closed, all stay alike.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, NICEST);
  } catch {
    // It only would have been nicer.
  }
}
