import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { ensureCooledDown, gatewayOf, putOnline, startUnbonding } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways, Parameters } from '../storage.ts';

export const reset = (config: GatewayConfig) =>
  defineCall({
    index: 5,
    docs: [
      'Bring a dropped gateway back, after it has cooled down. Where what is left of its stake is too little for a',
      'gateway, it is removed instead: the stake unbonds, and you may register again with more.',
    ],
    args: {},
    weight: () => weightOf(450, 14),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const found = gatewayOf(ctx, gateway);
      const { min_stake } = Parameters.get(ctx);
      ensure(found.status.type === 'Dropped', errors.NotDropped);
      ensureCooledDown(ctx, found);
      if (found.stake >= min_stake) {
        putOnline(ctx, config, gateway, found);
        return ctx.deposit(events.Reset({ gateway }));
      }
      startUnbonding(ctx, gateway, found.stake);
      Gateways.remove(ctx, gateway);
      ctx.deposit(events.Removed({ gateway }));
    },
  });
