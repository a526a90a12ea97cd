import type { Context } from '@hamster/frame';

import {
  freeCollateral,
  lockCollateral,
  lockedCollateral,
  type Slash,
  slashCollateral,
  unlockCollateral,
} from './collateral.ts';
import type { ProviderConfig } from './config.ts';
import { beginLease, hasRoom, offerOf, prolongSlice, returnSlice, sliceUntil, takeSlice } from './market.ts';

/** What this pallet does for whoever rents its machines out; the runtime plugs it in there. */
export const providerServices = (config: ProviderConfig) => ({
  market: { offerOf, hasRoom, takeSlice, sliceUntil, beginLease, prolongSlice, returnSlice },
  collateral: {
    free: freeCollateral,
    locked: lockedCollateral,
    lock: lockCollateral,
    unlock: unlockCollateral,
    slash: (ctx: Context, slash: Slash) => slashCollateral(ctx, config, slash),
  },
});
