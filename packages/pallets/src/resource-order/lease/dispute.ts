import { checkedAdd, type Context, ensure, orFail, U64_MAX } from '@hamster/frame';

import { leaseAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Leases } from '../storage.ts';
import type { Lease } from '../types.ts';
import { cancelLook, clockOf, scheduleLook } from './clock.ts';

/** Whether the lease runs, and its end is not due. */
export const isDisputable = (ctx: Context, config: ResourceOrderConfig, lease: Lease): boolean => {
  if (lease.status.type !== 'Active' && lease.status.type !== 'Suspended') return false;
  const { standing } = clockOf(ctx, config, lease);
  return standing === 'Good' || standing === 'Silent';
};

/** The lease's clock stops: nothing is paid, silence is no fault, and nobody can leave. @throws DispatchFailure */
export const beginDispute = (ctx: Context, config: ResourceOrderConfig, id: bigint): void => {
  const lease = leaseAt(ctx, id);
  ensure(isDisputable(ctx, config, lease), errors.LeaseNotActive);
  cancelLook(ctx, id);
  Leases.put(ctx, id, { ...lease, status: { type: 'Disputed' }, disputed_at: ctx.now });
  ctx.deposit(events.LeaseDisputed({ lease: id }));
};

/** @throws DispatchFailure LeaseNotActive for a lease that is not disputed */
export const disputedLease = (ctx: Context, id: bigint): Lease & { readonly disputed_at: bigint } => {
  const lease = leaseAt(ctx, id);
  return { ...lease, disputed_at: orFail(lease.disputed_at, errors.LeaseNotActive) };
};

/** Everything that the clock has yet to reach comes later by the time that it stood still. */
const moveOn = (lease: Lease, lost: bigint): Lease => ({
  ...lease,
  ends_at: checkedAdd(lease.ends_at, lost, U64_MAX),
  settled_until: lease.settled_until + lost,
  last_heartbeat: lease.last_heartbeat + lost,
  rate_since: lease.rate_since + lost,
  time_lost: lease.time_lost + lost,
  disputed_at: undefined,
  status: { type: 'Active' },
});

/** The lease's clock goes on where it stopped: as silent as it was then, and with as much time left. */
export const reinstate = (ctx: Context, config: ResourceOrderConfig, id: bigint): void => {
  const lease = disputedLease(ctx, id);
  const moved = moveOn(lease, ctx.now - lease.disputed_at);
  const isGood = clockOf(ctx, config, moved).standing === 'Good';
  const next: Lease = isGood ? moved : { ...moved, status: { type: 'Suspended' } };
  Leases.put(ctx, id, next);
  config.market.prolongSlice(ctx, lease.resource, id, next.ends_at);
  scheduleLook(ctx, config, id, next);
  ctx.deposit(events.LeaseReinstated({ lease: id, ends_at: next.ends_at }));
};
