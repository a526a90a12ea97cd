import type { AccountId, Currency } from '@hamster/frame';

export type GatewayHoldReason = 'GatewayStake';

/** What this pallet needs of the runtime. */
export interface GatewayConfig {
  readonly currency: Currency<GatewayHoldReason>;
  /** Where slashes go. The account must exist: genesis gives it the existential deposit. */
  readonly treasury: AccountId;
  /** Where the gateways' part of the fees comes in; this pallet alone pays from it. */
  readonly pot: AccountId;
}
