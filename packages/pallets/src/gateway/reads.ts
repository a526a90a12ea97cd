import type { AccountId, Context } from '@hamster/frame';

import { nextUnlock, type Withdrawable } from '../primitives/withdrawable.ts';
import { Unbonding } from './storage.ts';

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

/** What others may read of this pallet. */
export const gatewayReads = { withdrawable };
