import type { AccountId, Context, Currency } from '@hamster/frame';

import type { Span } from '../primitives/silence.ts';

export type GatewayHoldReason = 'GatewayStake';

/** What this pallet needs of the runtime. */
export interface GatewayConfig {
  readonly currency: Currency<GatewayHoldReason>;
  /** Times without a block: nobody could send a heartbeat in them. */
  readonly standstills: (ctx: Context) => readonly Span[];
  /** Where slashes go. The account must exist: genesis gives it the existential deposit. */
  readonly treasury: AccountId;
  /** Where the gateways' part of the fees comes in; this pallet alone pays from it. */
  readonly pot: AccountId;
}
