import { isMoment } from '../primitives/arithmetic.ts';
import { isPermill } from '../primitives/permill.ts';
import { MAX_CLAIMABLE_ERAS, type Parameters } from './types.ts';

const SECOND = 1_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const HAM = 10n ** 12n;

/** For a network of strangers. */
export const PUBLIC_PARAMETERS: Parameters = {
  min_stake: 1_000n * HAM,
  heartbeat_interval: 5n * MINUTE,
  drop_after: 15n * MINUTE,
  slash: 50_000,
  cool_down: HOUR,
  unbonding: 7n * 24n * HOUR,
  era: 6n * HOUR,
  claimable_eras: 84,
  due_per_block: 128,
};

/** Short enough for a person to watch. */
export const DEV_PARAMETERS: Parameters = {
  ...PUBLIC_PARAMETERS,
  min_stake: 100n * HAM,
  heartbeat_interval: 20n * SECOND,
  drop_after: 90n * SECOND,
  cool_down: 10n * SECOND,
  unbonding: MINUTE,
  era: 2n * MINUTE,
};

/** Moments are sums of these and of today: none may come near the end of time. */
const isSpan = (span: bigint): boolean => isMoment(span * 4n);

/** Whether the rules can work with these numbers. Leaving must be no way around the cool-down, and a gateway have something to lose. */
export const areParametersSound = (parameters: Parameters): boolean =>
  isPermill(parameters.slash) &&
  parameters.min_stake > 0n &&
  parameters.due_per_block > 0 &&
  parameters.heartbeat_interval > 0n &&
  parameters.drop_after > parameters.heartbeat_interval &&
  parameters.cool_down <= parameters.unbonding &&
  parameters.era > 0n &&
  parameters.claimable_eras > 0 &&
  parameters.claimable_eras <= MAX_CLAIMABLE_ERAS &&
  [parameters.drop_after, parameters.cool_down, parameters.unbonding, parameters.era].every(isSpan);
