import { maxOf } from '@hamster/frame';

export interface SilenceLimits {
  readonly heartbeat_interval: bigint;
  readonly suspend_after: bigint;
  readonly fault_after: bigint;
}

/**
 * The longest silence behind which a report still proves the time in between. Two missed beats must cost nothing, so it
 * ends only where a third one is missing, and is never shorter than the time until suspension.
 */
export const longestProven = (limits: SilenceLimits): bigint =>
  maxOf(limits.suspend_after, 4n * limits.heartbeat_interval - 1n);
