import { isBalance, isMoment } from '../primitives/arithmetic.ts';
import { isPermill } from '../primitives/permill.ts';
import type { Parameters } from './types.ts';

const MINUTE = 60_000n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const HAM = 10n ** 12n;

/** For a network of strangers. */
export const PUBLIC_PARAMETERS: Parameters = {
  deposit_part: 100_000,
  min_deposit: 10n * HAM,
  commit_period: HOUR,
  reveal_period: HOUR,
  voters_part: 100_000,
  reopen_after: DAY,
  retention: 30n * DAY,
  due_per_block: 4,
};

/** Short enough for a person to watch. */
export const DEV_PARAMETERS: Parameters = {
  ...PUBLIC_PARAMETERS,
  min_deposit: HAM,
  commit_period: MINUTE,
  reveal_period: MINUTE,
  reopen_after: 2n * MINUTE,
  retention: DAY,
};

/** Moments are sums of these and of today: none may come near the end of time. */
const isSpan = (span: bigint): boolean => span > 0n && isMoment(span * 8n);

/**
 * Whether the rules can work with these numbers. A dispute must be remembered for as long as it bars the next one, and bar it for
 * some time: otherwise a renter could keep a machine, and pay nothing, by one dispute after the other.
 */
export const areParametersSound = (parameters: Parameters): boolean =>
  isPermill(parameters.deposit_part) &&
  isPermill(parameters.voters_part) &&
  parameters.min_deposit > 0n &&
  isBalance(parameters.min_deposit) &&
  parameters.due_per_block > 0 &&
  parameters.reopen_after > 0n &&
  parameters.reopen_after <= parameters.retention &&
  [parameters.commit_period, parameters.reveal_period, parameters.retention].every(isSpan);
