import { type AccountId, type Context, defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { ensureCooledDown, hasCooledDown } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways, Unbonding } from '../storage.ts';

const remove = (ctx: Context, gateway: AccountId): void => {
  Gateways.remove(ctx, gateway);
  ctx.deposit(events.Removed({ gateway }));
};

/** Where a slash took the whole stake nothing of it unbonds: what is left of the gateway goes when it has cooled down. */
const removeBare = (ctx: Context, gateway: AccountId): void => {
  const found = Gateways.get(ctx, gateway);
  ensure(found?.status.type === 'Offline', errors.NothingToWithdraw);
  ensureCooledDown(ctx, found);
  remove(ctx, gateway);
};

export const withdrawUnbonded = ({ currency }: GatewayConfig) =>
  defineCall({
    index: 7,
    docs: [
      'Get back the stake that has unbonded. A gateway that is offline is removed with it, or, where it was dropped lately, by this',
      'call again when it has cooled down.',
    ],
    args: {},
    weight: () => weightOf(400, 14),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const unbonding = Unbonding.get(ctx, gateway);
      if (!unbonding) return removeBare(ctx, gateway);
      const { amount, unlock_at } = unbonding;
      ensure(ctx.now >= unlock_at, errors.StillUnbonding);
      currency.release(ctx, 'GatewayStake', gateway, amount);
      Unbonding.remove(ctx, gateway);
      ctx.deposit(events.Withdrawn({ gateway, amount }));
      const found = Gateways.get(ctx, gateway);
      if (found?.status.type === 'Offline' && hasCooledDown(ctx, found)) remove(ctx, gateway);
    },
  });
