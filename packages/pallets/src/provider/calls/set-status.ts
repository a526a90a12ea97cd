import { defineCall, ensureSigned, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { ownResource } from '../access.ts';
import { events } from '../events.ts';
import { Resources } from '../storage.ts';
import { ResourceStatus } from '../types.ts';

export const setStatus = defineCall({
  index: 8,
  docs: [
    'Online takes orders, Draining and Offline take none. Running leases go on in any status.',
    'A fault sets a machine Offline; put it back Online when it is repaired.',
  ],
  args: { resource: u64, status: ResourceStatus },
  weight: () => weightOf(120, 6),
  dispatch(ctx, origin, { resource, status }) {
    const found = ownResource(ctx, resource, ensureSigned(origin));
    Resources.put(ctx, resource, { ...found, status });
    ctx.deposit(events.ResourceStatusChanged({ resource, status }));
  },
});
