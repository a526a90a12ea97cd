import type { Currency } from '@hamster/frame';

export type ProviderHoldReason = 'ProviderStake';

/** What this pallet needs of the runtime. */
export interface ProviderConfig {
  readonly currency: Currency<ProviderHoldReason>;
}
