import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';

import { gatewayOf, isAlive, isHeartbeatDue } from '../access.ts';
import type { GatewayConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { creditOnline } from '../rewards.ts';
import { Gateways } from '../storage.ts';

export const heartbeat = (config: GatewayConfig) =>
  defineCall({
    index: 2,
    docs: [
      'Say that your gateway is alive. Silence drops it, and costs a part of its stake.',
      '',
      'The time since the heartbeat before counts for the rewards of the era. Half an interval after it the next one has a',
      'place in the block that others cannot take.',
    ],
    args: {},
    class: 'Operational',
    weight: () => weightOf(250, 12),
    isUrgent: (ctx, origin) => origin.type === 'Signed' && isHeartbeatDue(ctx, config, origin.who),
    dispatch(ctx, origin) {
      const gateway = ensureSigned(origin);
      const found = gatewayOf(ctx, gateway);
      ensure(isAlive(ctx, config, found), errors.NotOnline);
      creditOnline(ctx, config, gateway, found);
      Gateways.put(ctx, gateway, { ...found, last_heartbeat: ctx.now });
      ctx.deposit(events.HeartbeatReceived({ gateway }));
    },
  });
