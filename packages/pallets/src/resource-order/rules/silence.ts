import { maxOf, minOf } from '@hamster/frame';
import { overlap, type Span } from './span.ts';

export interface SilenceLimits {
  readonly heartbeat_interval: bigint;
  readonly suspend_after: bigint;
  readonly fault_after: bigint;
}

/** Milliseconds without a report; time inside of a maintenance window doesn't count. */
export const silenceAt = (lastHeartbeat: bigint, now: bigint, maintenance?: Span): bigint =>
  now - lastHeartbeat - overlap({ from: lastHeartbeat, to: now }, maintenance);

/** The first moment at which the silence is `length` long. */
export const silenceReaches = (lastHeartbeat: bigint, length: bigint, maintenance?: Span): bigint => {
  const plain = lastHeartbeat + length;
  if (!maintenance || maintenance.to <= lastHeartbeat) return plain;
  const begin = maxOf(maintenance.from, lastHeartbeat);
  return plain <= begin ? plain : plain + (maintenance.to - begin);
};

/** When a silence began that is `length` long `now`: the latest such moment. */
export const silenceBegan = (now: bigint, length: bigint, maintenance?: Span): bigint => {
  const plain = now - length;
  if (!maintenance || maintenance.from >= now) return plain;
  const end = minOf(maintenance.to, now);
  return plain >= end ? plain : plain - (end - maintenance.from);
};

/**
 * The longest silence behind which a report still proves the time in between. Two missed beats must cost nothing, so it
 * ends only where a third one is missing, and is never shorter than the time until suspension.
 */
export const longestProven = (limits: SilenceLimits): bigint =>
  maxOf(limits.suspend_after, 4n * limits.heartbeat_interval - 1n);
