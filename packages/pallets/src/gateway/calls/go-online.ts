import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { ensureCooledDown, gatewayOf, putOnline } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Parameters, Unbonding } from '../storage.ts';

export const goOnline = (config: GatewayConfig) =>
  defineCall({
    index: 4,
    docs: [
      'Come back after `go_offline`. All of your stake that unbonds, or has unbonded and was not withdrawn, is the stake',
      'of the gateway again. One that was dropped has to cool down first.',
    ],
    args: {},
    weight: () => weightOf(400, 14),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const found = gatewayOf(ctx, gateway);
      ensure(found.status.type === 'Offline', errors.NotOffline);
      ensureCooledDown(ctx, found);
      const stake = found.stake + (Unbonding.get(ctx, gateway)?.amount ?? 0n);
      ensure(stake >= Parameters.get(ctx).min_stake, errors.InsufficientStake);
      Unbonding.remove(ctx, gateway);
      putOnline(ctx, config, gateway, { ...found, stake });
      ctx.deposit(events.WentOnline({ gateway }));
    },
  });
