import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Where both want the same core, the main thread gets three quarters of it. */
const NICER_BY = 5;
const NICEST = 19;

/**
 * Has this thread take what the main thread leaves, so that clients are answered also where as many threads are busy as there are
 * cores. On Linux each thread has a priority of its own; elsewhere, or where /proc is closed, all stay alike.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(NICEST, getPriority() + NICER_BY));
  } catch {
    // It only would have been nicer.
  }
}
