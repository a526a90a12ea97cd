import { defineCall, ensure, ensureSigned } from '@hamster/frame';

import { gatewayOf } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways } from '../storage.ts';

export const heartbeat = defineCall({
  index: 2,
  docs: ['Say that your gateway is alive. Silence drops it, and costs a part of its stake.'],
  args: {},
  dispatch(ctx, origin) {
    const gateway = ensureSigned(origin);
    const found = gatewayOf(ctx, gateway);
    ensure(found.status.type === 'Online', errors.NotOnline);
    Gateways.put(ctx, gateway, { ...found, last_heartbeat: ctx.now });
    ctx.deposit(events.HeartbeatReceived({ gateway }));
  },
});
