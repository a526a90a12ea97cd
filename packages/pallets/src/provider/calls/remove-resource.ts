import { defineCall, ensure, ensureSigned } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { isEmpty } from '../../primitives/capacity.ts';
import { ownResource } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Resources, ResourcesOf, SliceCounts } from '../storage.ts';

export const removeResource = defineCall({
  index: 10,
  docs: ['Take a machine off the market for good. It must have no orders and no leases.'],
  args: { resource: u64 },
  dispatch(ctx, origin, { resource }) {
    const { owner, allocated, live_leases } = ownResource(ctx, resource, ensureSigned(origin));
    ensure(live_leases === 0 && isEmpty(allocated), errors.HasLiveLeases);
    Resources.remove(ctx, resource);
    SliceCounts.remove(ctx, resource);
    ResourcesOf.remove(ctx, owner, resource);
    ctx.deposit(events.ResourceRemoved({ resource }));
  },
});
