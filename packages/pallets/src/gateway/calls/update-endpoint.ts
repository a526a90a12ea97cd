import { defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { bytes, vec } from '@hamster/scale';

import { gatewayOf } from '../access.ts';
import { ensureEndpoint } from '../endpoint.ts';
import { events } from '../events.ts';
import { Gateways } from '../storage.ts';

export const updateEndpoint = defineCall({
  index: 1,
  docs: ['Change the peer id and the addresses of your gateway.'],
  args: { peer_id: bytes, multiaddrs: vec(bytes) },
  weight: () => weightOf(200, 6),
  dispatch(ctx, origin, { peer_id, multiaddrs }) {
    const gateway = ensureSigned(origin);
    const found = gatewayOf(ctx, gateway);
    ensureEndpoint({ peer_id, multiaddrs });
    Gateways.put(ctx, gateway, { ...found, peer_id, multiaddrs });
    ctx.deposit(events.EndpointUpdated({ gateway }));
  },
});
