import type { AccountId, Context } from '@hamster/frame';

import type { Withdrawable } from '../primitives/withdrawable.ts';
import { Rewards } from './storage.ts';

const rewards = (ctx: Context, who: AccountId): Withdrawable | undefined => {
  const available = Rewards.get(ctx, who);
  return available > 0n ? { available, pending: 0n, next_at: undefined } : undefined;
};

/** What others may read of this pallet. */
export const validatorReads = { rewards };
