import { checkedAdd, defineCall, ensureSigned, U64_MAX, weightOf } from '@hamster/frame';
import { bytes, u64, vec } from '@hamster/scale';

import { NO_CAPACITY } from '../../primitives/capacity.ts';
import { Capacity, Prices, Virtualization } from '../../primitives/machine.ts';
import { ensureRoomForMachine, putMachine } from '../access.ts';
import { events } from '../events.ts';
import {
  ensureAvailability,
  ensureCapacity,
  ensureImages,
  ensureLabels,
  ensurePeerId,
} from '../rules/offer.ts';
import { NextResourceId, Parameters } from '../storage.ts';
import type { Statistics } from '../types.ts';

const NOTHING_YET: Statistics = {
  leases_served: 0,
  hours_served: 0n,
  faults: 0,
  last_fault: undefined,
  disputes_lost: 0,
  missed_orders: 0,
};

export const registerResource = defineCall({
  index: 3,
  docs: [
    'Bring a machine to the market, one entry for each machine, at most 1024 an account. It is online at once.',
    '',
    'Renters take slices of it, as long as they fit into `capacity`. `prices` are planck for an hour of a core, of a GiB',
    'of memory and of a GiB of disk. It is shown while your active stake is large enough for its capacity: with too',
    'little stake this call succeeds, and the machine stays hidden until you stake more.',
  ],
  args: {
    peer_id: bytes,
    capacity: Capacity,
    prices: Prices,
    available_until: u64,
    images: vec(bytes),
    virtualization: Virtualization,
    cpu_model: bytes,
    region: bytes,
  },
  weight: () => weightOf(900, 8),
  dispatch(ctx, origin, offer) {
    const owner = ensureSigned(origin);
    ensureRoomForMachine(ctx, owner);
    ensurePeerId(offer.peer_id);
    ensureCapacity(offer.capacity);
    ensureAvailability(offer.available_until, ctx.now, Parameters.get(ctx));
    ensureImages(offer.images);
    ensureLabels(offer);
    const resource = NextResourceId.get(ctx);
    NextResourceId.put(ctx, checkedAdd(resource, 1n, U64_MAX));
    putMachine(ctx, resource, {
      ...offer,
      owner,
      allocated: NO_CAPACITY,
      status: { type: 'Online' },
      maintenance: undefined,
      live_leases: 0,
      statistics: NOTHING_YET,
    });
    ctx.deposit(events.ResourceRegistered({ resource, owner }));
  },
});
