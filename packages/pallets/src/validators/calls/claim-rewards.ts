import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import type { ValidatorsConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Committed, Rewards } from '../storage.ts';

export const claimRewards = ({ currency, pot }: ValidatorsConfig) =>
  defineCall({
    index: 3,
    docs: [
      'Get your shares of the eras that have ended. They wait for as long as you like, also when you have left.',
    ],
    args: {},
    weight: () => weightOf(350, 10),
    dispatch(ctx, origin) {
      const validator = ensureSigned(origin);
      const amount = Rewards.get(ctx, validator);
      ensure(amount > 0n, errors.NothingToClaim);
      Rewards.remove(ctx, validator);
      Committed.update(ctx, (sum) => sum - amount);
      currency.transfer(ctx, pot, validator, amount);
      ctx.deposit(events.RewardsClaimed({ validator, amount }));
    },
  });
