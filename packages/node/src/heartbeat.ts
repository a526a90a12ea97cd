export interface Heartbeat {
  /** Length of a slot in ms. */
  readonly interval: number;
  /** Wall clock in ms: slots begin at its multiples of `interval`. */
  readonly now: () => number;
  readonly beat: () => Promise<void> | void;
}

/**
 * Runs `beat` at once and then at the beginning of each slot. A beat that takes long or comes late leaves half an interval of
 * rest behind it, in which clients are answered: some lose track of their transaction when two blocks come before they could
 * ask about the first. Beats that were missed are not made up for. Answers how to stop, which waits for the beat under way.
 */
export function startHeartbeat({ interval, now, beat }: Heartbeat): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let beating: Promise<void> | undefined;
  const rest = () => {
    beating = undefined;
    if (!stopped) timer = setTimeout(run, Math.max(untilNextSlot(now(), interval), interval / 2));
  };
  const run = () => {
    try {
      const done = beat();
      beating = done instanceof Promise ? done.finally(rest) : undefined;
    } finally {
      if (!beating) rest();
    }
  };
  timer = setTimeout(run, 0);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await beating?.catch(() => undefined);
  };
}

/** Timers may fire a fraction of a millisecond early, which would still be the slot before. */
const untilNextSlot = (now: number, interval: number): number => interval - (now % interval) + 1;
