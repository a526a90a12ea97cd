import {
  type Context,
  costing,
  defineCall,
  ensure,
  ensureSigned,
  type Weight,
  weightOf,
} from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { ownResource } from '../access.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { ensureAvailability } from '../rules/offer.ts';
import { Parameters, Resources, SliceCounts, Slices } from '../storage.ts';
import { MAX_SLICES } from '../types.ts';

const isTakenBehind = (ctx: Context, resource: bigint, until: bigint): boolean => {
  for (const [, slice] of Slices.entriesOf(ctx, resource)) if (slice.until > until) return true;
  return false;
};

const weightFor = (slices: number): Weight => weightOf(100 + 20 * slices, 5 + slices);

export const setAvailableUntil = defineCall({
  index: 6,
  docs: [
    'Say until when a machine is offered, in milliseconds since 1970. Later at will; earlier only as far as the last',
    'of its orders and leases allows.',
  ],
  args: { resource: u64, until: u64 },
  weight: () => weightFor(MAX_SLICES),
  dispatch(ctx, origin, { resource, until }) {
    const who = ensureSigned(origin);
    const post = { actualWeight: weightFor(SliceCounts.get(ctx, resource)) };
    costing(post, () => {
      const found = ownResource(ctx, resource, who);
      ensureAvailability(until, ctx.now, Parameters.get(ctx));
      const isEarlier = until < found.available_until;
      ensure(!isEarlier || !isTakenBehind(ctx, resource, until), errors.AvailabilityBelowLease);
      Resources.put(ctx, resource, { ...found, available_until: until });
      ctx.deposit(events.ResourceUpdated({ resource }));
    });
    return post;
  },
});
