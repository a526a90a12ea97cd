import {
  type AccountId,
  type Context,
  costing,
  defineCall,
  ensure,
  ensureSigned,
  type Weight,
  weightOf,
} from '@hamster/frame';

import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { takeRewards } from '../rewards.ts';
import { Era, OldestEra } from '../storage.ts';
import { MAX_CLAIMABLE_ERAS } from '../types.ts';

const weightFor = (eras: number): Weight => weightOf(200 + 60 * eras, 10 + 2 * eras);

const claim = (ctx: Context, { currency, pot }: GatewayConfig, gateway: AccountId): void => {
  const amount = takeRewards(ctx, gateway);
  ensure(amount > 0n, errors.NothingToClaim);
  currency.transfer(ctx, pot, gateway, amount);
  ctx.deposit(events.RewardsClaimed({ gateway, amount }));
};

export const claimRewards = (config: GatewayConfig) =>
  defineCall({
    index: 8,
    docs: [
      'Get what your gateway has earned by being online, for all eras that have ended. Rewards wait for some weeks; what',
      'is not claimed by then is shared out anew. A gateway that has left may still claim.',
    ],
    args: {},
    weight: () => weightFor(MAX_CLAIMABLE_ERAS + 1),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const post = { actualWeight: weightFor(Era.get(ctx).index - OldestEra.get(ctx)) };
      costing(post, () => claim(ctx, config, gateway));
      return post;
    },
  });
