import { isMoment } from '../primitives/arithmetic.ts';
import type { Parameters } from './types.ts';

const MINUTE = 60_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const HAM = 10n ** 12n;

/** For a network of strangers. */
export const PUBLIC_PARAMETERS: Parameters = {
  unbonding: 7n * DAY,
  stake_per_core: 10n * HAM,
  stake_per_memory_gib: 2n * HAM,
  stake_per_disk_gib: HAM / 10n,
  // The longest lease is a year: an offer must be able to cover it for more than the moment in which it is made.
  max_available: 400n * DAY,
  maintenance_notice: DAY,
  maintenance_max: 2n * HOUR,
  maintenance_period: 7n * DAY,
};

/** Short enough for a person to watch. */
export const DEV_PARAMETERS: Parameters = {
  unbonding: MINUTE,
  stake_per_core: HAM,
  stake_per_memory_gib: HAM / 5n,
  stake_per_disk_gib: HAM / 100n,
  max_available: 400n * DAY,
  maintenance_notice: 5n * MINUTE,
  maintenance_max: 5n * MINUTE,
  maintenance_period: HOUR,
};

/** Moments are sums of these and of today: none may come near the end of time. */
const isSpan = (span: bigint): boolean => isMoment(span * 4n);

/**
 * Whether the rules can work with these numbers. Maintenance that is announced when it begins, or hardly before, is silence that
 * costs nothing: whoever falls silent could say so then.
 */
export const areParametersSound = (parameters: Parameters): boolean =>
  parameters.max_available > 0n &&
  parameters.maintenance_notice >= MINUTE &&
  parameters.maintenance_max <= parameters.maintenance_period &&
  [
    parameters.unbonding,
    parameters.max_available,
    parameters.maintenance_notice,
    parameters.maintenance_period,
  ].every(isSpan);
