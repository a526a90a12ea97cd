import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { cancelCheck, gatewayOf, isAlive, startUnbonding } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { creditOnline } from '../rewards.ts';
import { Gateways } from '../storage.ts';

export const goOffline = (config: GatewayConfig) =>
  defineCall({
    index: 3,
    docs: [
      'Leave: clients see the gateway no more, and its stake unbonds. A gateway that was dropped may leave too.',
    ],
    args: {},
    weight: () => weightOf(400, 20),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const found = gatewayOf(ctx, gateway);
      ensure(found.status.type === 'Dropped' || isAlive(ctx, config, found), errors.NotOnline);
      if (found.status.type === 'Online') creditOnline(ctx, config, gateway, found);
      startUnbonding(ctx, gateway, found.stake);
      cancelCheck(ctx, gateway);
      Gateways.put(ctx, gateway, { ...found, stake: 0n, status: { type: 'Offline' } });
      ctx.deposit(events.WentOffline({ gateway }));
    },
  });
