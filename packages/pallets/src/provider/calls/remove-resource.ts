import { defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { isEmpty } from '../../primitives/capacity.ts';
import { dropMachine, ownResource } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { SliceCounts } from '../storage.ts';

export const removeResource = defineCall({
  index: 10,
  docs: ['Take a machine off the market for good. It must have no orders and no leases.'],
  args: { resource: u64 },
  weight: () => weightOf(220, 8),
  dispatch(ctx, origin, { resource }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    ensure(found.live_leases === 0 && isEmpty(found.allocated), errors.HasLiveLeases);
    dropMachine(ctx, resource, found);
    SliceCounts.remove(ctx, resource);
    ctx.deposit(events.ResourceRemoved({ resource }));
  },
});
