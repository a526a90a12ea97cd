/** Bytes that may go now; below zero is a debt. A rate of Infinity never runs out. */
export interface Bucket {
  /** What is left at this moment, in ms of a clock that never jumps. */
  left(now: number): number;
  take(bytes: number): void;
  isFull(now: number): boolean;
}

/** Unused rate is saved for so long, in ms: a burst is no longer than that. */
const BURST_MS = 250;

/** A bucket that fills with so many bytes a second; the rate may change at any time. */
export function bucketOf(rate: () => number, start: number): Bucket {
  let tokens = most();
  let at = start;

  function most(): number {
    return rate() === Infinity ? 0 : (rate() * BURST_MS) / 1000;
  }

  function left(now: number): number {
    const passed = now - at;
    at = now;
    if (rate() === Infinity) {
      tokens = 0;
      return Infinity;
    }
    tokens = Math.min(most(), tokens + (rate() * passed) / 1000);
    return tokens;
  }

  return {
    left,
    take: (bytes) => {
      tokens -= bytes;
    },
    isFull: (now) => left(now) >= most(),
  };
}
