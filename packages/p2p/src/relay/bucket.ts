/** Bytes that may go now; below zero is a debt. A rate of Infinity never runs out. */
export interface Bucket {
  /** What is left at this moment, in ms of a clock that never jumps. */
  left(now: number): number;
  take(bytes: number): void;
  isFull(now: number): boolean;
}

/** Unused rate is saved for so long, in ms: a burst is no longer than that. */
const BURST_MS = 250;

/** A bucket that fills with `rate` bytes a second. */
export function bucketOf(rate: number, start: number): Bucket {
  const most = (rate * BURST_MS) / 1000;
  let tokens = most;
  let at = start;

  function left(now: number): number {
    if (rate === Infinity) return Infinity;
    tokens = Math.min(most, tokens + (rate * (now - at)) / 1000);
    at = now;
    return tokens;
  }

  return {
    left,
    take: (bytes) => {
      tokens -= bytes;
    },
    isFull: (now) => left(now) >= most,
  };
}
