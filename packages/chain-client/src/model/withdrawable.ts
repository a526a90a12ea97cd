import { amount, arm, count, list, optional, struct } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';

/** Money that an account may take, or will. Amounts are planck, times ms since 1970. */
export type Withdrawable = Read<typeof withdrawables>[number];

export const withdrawables = list(
  struct({
    source: arm('ProviderStake', 'GatewayStake', 'GatewayRewards', 'ValidatorRewards'),
    available: amount,
    pending: amount,
    nextAt: optional(count),
  }),
);
