import { defineCall, ensure, ensureSigned } from '@hamster/frame';

import { cancelCheck, gatewayOf, startUnbonding } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Gateways } from '../storage.ts';

export const goOffline = defineCall({
  index: 3,
  docs: [
    'Leave: clients see the gateway no more, and its stake unbonds. A gateway that was dropped may leave too.',
  ],
  args: {},
  dispatch(ctx, origin) {
    const gateway = ensureSigned(origin);
    const found = gatewayOf(ctx, gateway);
    ensure(found.status.type !== 'Offline', errors.NotOnline);
    startUnbonding(ctx, gateway, found.stake);
    cancelCheck(ctx, gateway);
    Gateways.put(ctx, gateway, { ...found, stake: 0n, status: { type: 'Offline' } });
    ctx.deposit(events.WentOffline({ gateway }));
  },
});
