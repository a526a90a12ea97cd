import { checkedAdd, type Context, ensure, minOf, orFail, U64_MAX } from '@hamster/frame';

import { leaseAt } from '../access.ts';
import { type Pauses, silenceBegan } from '../../primitives/silence.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { longestProven } from '../rules/silence.ts';
import { Leases, Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';
import { suspend } from './advance.ts';
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
  // Windows may come and go until it is decided: what counts as silence is known now.
  const last_heartbeat = ctx.now - clockOf(ctx, config, lease).silence;
  cancelLook(ctx, id);
  const disputed_at = ctx.now;
  Leases.put(ctx, id, { ...lease, status: { type: 'Disputed' }, disputed_at, last_heartbeat });
  ctx.deposit(events.LeaseDisputed({ lease: id }));
};

/** Its `last_heartbeat` is such that its silence is the time until `disputed_at`, pauses left out. */
type DisputedLease = Lease & { readonly disputed_at: bigint };

/** @throws DispatchFailure LeaseNotActive for a lease that is not disputed */
export const disputedLease = (ctx: Context, id: bigint): DisputedLease => {
  const lease = leaseAt(ctx, id);
  return { ...lease, disputed_at: orFail(lease.disputed_at, errors.LeaseNotActive) };
};

/** Everything that the clock has yet to reach comes later by the time that it stood still. */
const moveOn = (lease: Lease, lost: bigint): Lease => ({
  ...lease,
  ends_at: checkedAdd(lease.ends_at, lost, U64_MAX),
  settled_until: lease.settled_until + lost,
  rate_since: lease.rate_since + lost,
  time_lost: lease.time_lost + lost,
  later: lease.later.map((stretch) => ({ ...stretch, from: stretch.from + lost })),
  disputed_at: undefined,
  status: { type: 'Active' },
});

/**
 * When the lease would have reported last, were it as silent now as when it was disputed. Reports meanwhile did not count:
 * a silence that none could have mended is cut to the shortest of these, which leaves the time to report before a fault.
 */
const lastHeartbeat = (
  ctx: Context,
  { last_heartbeat, disputed_at }: DisputedLease,
  pauses: Pauses,
): bigint => {
  const lost = longestProven(Parameters.get(ctx)) + 1n;
  return silenceBegan(ctx.now, minOf(disputed_at - last_heartbeat, lost), pauses);
};

/** The lease's clock goes on where it stopped: as silent as it was then, and with as much time left. */
export const reinstate = (ctx: Context, config: ResourceOrderConfig, id: bigint): void => {
  const lease = disputedLease(ctx, id);
  const { pauses } = clockOf(ctx, config, lease);
  const last_heartbeat = lastHeartbeat(ctx, lease, pauses);
  const moved = { ...moveOn(lease, ctx.now - lease.disputed_at), last_heartbeat };
  Leases.put(ctx, id, moved);
  config.market.prolongSlice(ctx, lease.resource, id, moved.ends_at);
  scheduleLook(ctx, config, id, moved);
  ctx.deposit(events.LeaseReinstated({ lease: id, ends_at: moved.ends_at }));
  if (clockOf(ctx, config, moved).standing !== 'Good') suspend(ctx, id, moved);
};
