import { defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { Capacity } from '../../primitives/machine.ts';
import { ownResource } from '../access.ts';
import { events } from '../events.ts';
import { ensureCapacity } from '../rules/offer.ts';
import { Resources } from '../storage.ts';

export const updateCapacity = defineCall({
  index: 5,
  docs: ['Offer more or less of a machine, but never less than is leased and ordered now.'],
  args: { resource: u64, capacity: Capacity },
  weight: () => weightOf(120, 6),
  dispatch(ctx, origin, { resource, capacity }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    ensureCapacity(capacity, found.allocated);
    Resources.put(ctx, resource, { ...found, capacity });
    ctx.deposit(events.ResourceUpdated({ resource }));
  },
});
