import { defineCall, ensure, ensureSigned, orFail, weightOf } from '@hamster/frame';

import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways, Unbonding } from '../storage.ts';

export const withdrawUnbonded = ({ currency }: GatewayConfig) =>
  defineCall({
    index: 7,
    docs: ['Get back the stake that has unbonded. A gateway that is offline is removed with it.'],
    args: {},
    weight: () => weightOf(400, 14),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const { amount, unlock_at } = orFail(Unbonding.get(ctx, gateway), errors.NothingToWithdraw);
      ensure(ctx.now >= unlock_at, errors.StillUnbonding);
      currency.release(ctx, 'GatewayStake', gateway, amount);
      Unbonding.remove(ctx, gateway);
      ctx.deposit(events.Withdrawn({ gateway, amount }));
      if (Gateways.get(ctx, gateway)?.status.type !== 'Offline') return;
      Gateways.remove(ctx, gateway);
      ctx.deposit(events.Removed({ gateway }));
    },
  });
