/**
 * Runs `beat` at once and then every `interval` ms by the monotonic clock, so that neither a change of the wall clock nor
 * the length of a beat moves the rhythm. An overdue beat leaves half an interval of rest behind the last one, in which
 * clients are answered: some lose track of their transaction when two blocks come before they could ask about the
 * first. Beats that were missed are not made up for.
 */
export function startHeartbeat(interval: number, beat: () => void): () => void {
  let due = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const schedule = () => {
    const now = performance.now();
    due = Math.max(due + interval, now + interval / 2);
    timer = setTimeout(run, due - now);
  };
  const run = () => {
    try {
      beat();
    } finally {
      if (!stopped) schedule();
    }
  };
  timer = setTimeout(run, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
