/**
 * Runs `beat` at once and then every `interval` ms by the monotonic clock, so that neither a change of the wall clock nor
 * the length of a beat moves the rhythm. A beat that is overdue comes at once; beats that were missed are not made up for.
 */
export function startHeartbeat(interval: number, beat: () => void): () => void {
  let due = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    due = Math.max(due + interval, performance.now());
    timer = setTimeout(run, Math.max(0, due - performance.now()));
    beat();
  };
  timer = setTimeout(run, 0);
  return () => clearTimeout(timer);
}
