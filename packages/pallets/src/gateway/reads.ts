import type { AccountId, Context } from '@hamster/frame';

import { nextUnlock, type Withdrawable } from '../primitives/withdrawable.ts';
import { earnedRewards } from './rewards.ts';
import { Era, EraPoints, Unbonding } from './storage.ts';

const withdrawable = (ctx: Context, who: AccountId): Withdrawable | undefined => {
  const found = Unbonding.get(ctx, who);
  if (!found) return undefined;
  const isDue = found.unlock_at <= ctx.now;
  return {
    available: isDue ? found.amount : 0n,
    pending: isDue ? 0n : found.amount,
    next_at: nextUnlock([found], ctx.now),
  };
};

/** What the running era brings is known when it ends. */
const rewards = (ctx: Context, who: AccountId): Withdrawable | undefined => {
  const available = earnedRewards(ctx, who);
  const { index, ends_at } = Era.get(ctx);
  const next_at = EraPoints.get(ctx, index, who) > 0n ? ends_at : undefined;
  return available > 0n || next_at !== undefined ? { available, pending: 0n, next_at } : undefined;
};

/** What others may read of this pallet. */
export const gatewayReads = { withdrawable, rewards };
