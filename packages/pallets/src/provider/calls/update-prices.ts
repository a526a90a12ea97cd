import { defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { Prices } from '../../primitives/machine.ts';
import { ownResource } from '../access.ts';
import { events } from '../events.ts';
import { Resources } from '../storage.ts';

export const updatePrices = defineCall({
  index: 4,
  docs: ['Change the prices of a machine. Orders and leases keep the price that they were made at.'],
  args: { resource: u64, prices: Prices },
  weight: () => weightOf(120, 6),
  dispatch(ctx, origin, { resource, prices }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    Resources.put(ctx, resource, { ...found, prices });
    ctx.deposit(events.ResourceUpdated({ resource }));
  },
});
