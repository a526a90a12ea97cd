import type { Maintenance } from '../types.ts';

export interface MaintenanceLimits {
  /** How long ahead a window is announced, ms. */
  readonly maintenance_notice: bigint;
  /** Longest window, ms. */
  readonly maintenance_max: bigint;
  /** Windows begin at least this far apart, ms. */
  readonly maintenance_period: bigint;
  /** How far ahead anything may be planned, ms. */
  readonly max_available: bigint;
}

/**
 * Whether `next` may follow `previous`. A window that hasn't begun may be put off, never drawn nearer; one that has
 * begun stays known until every lease has seen it, which the notice is long enough for.
 */
const mayFollow = (
  next: Maintenance,
  previous: Maintenance,
  now: bigint,
  limits: MaintenanceLimits,
): boolean => {
  if (now < previous.from) return next.from >= previous.from;
  const known = now >= previous.to + limits.maintenance_notice;
  return known && next.from >= previous.from + limits.maintenance_period;
};

/** Whether a provider may announce `next` at `now`: in time, short enough, and not too often. */
export const isMaintenanceAllowed = (
  next: Maintenance,
  previous: Maintenance | undefined,
  now: bigint,
  limits: MaintenanceLimits,
): boolean => {
  const length = next.to - next.from;
  if (length <= 0n || length > limits.maintenance_max) return false;
  if (next.from < now + limits.maintenance_notice || next.from > now + limits.max_available) return false;
  return previous === undefined || mayFollow(next, previous, now, limits);
};
