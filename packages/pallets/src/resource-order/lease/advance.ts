import type { Context } from '@hamster/frame';

import { isRunning } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { events } from '../events.ts';
import { settleServed } from '../rules/stream.ts';
import { Leases } from '../storage.ts';
import type { Lease } from '../types.ts';
import { clockOf } from './clock.ts';
import { closeLease } from './close.ts';
import { settle } from './pay.ts';

/** Tells of a silent lease, once. Also where the chain comes late to it: what ends as suspended has not been served. */
export const suspend = (ctx: Context, id: bigint, lease: Lease): Lease => {
  if (lease.status.type === 'Suspended') return lease;
  const suspended: Lease = { ...lease, status: { type: 'Suspended' } };
  Leases.put(ctx, id, suspended);
  ctx.deposit(events.LeaseSuspended({ lease: id }));
  return suspended;
};

/** The agreed end. The stretch since the last report is paid where the lease was in good standing at its end. */
const finish = (ctx: Context, config: ResourceOrderConfig, id: bigint, lease: Lease): Lease => {
  const { suspendAt, pauses } = clockOf(ctx, config, lease);
  const served = lease.status.type === 'Active' && suspendAt > lease.ends_at;
  const last = served
    ? settle(ctx, config, id, lease, settleServed(lease, lease.ends_at, pauses))
    : suspend(ctx, id, lease);
  return closeLease(ctx, config, id, last, 'Completed');
};

/** Does to a lease what the time has made due: suspension, fault, end. Gives the lease as it is then stored. */
export const advanceLease = (ctx: Context, config: ResourceOrderConfig, id: bigint, lease: Lease): Lease => {
  if (!isRunning(lease.status)) return lease;
  switch (clockOf(ctx, config, lease).standing) {
    case 'Faulty':
      return closeLease(ctx, config, id, lease, 'ProviderFault');
    case 'Over':
      return finish(ctx, config, id, lease);
    case 'Silent':
      return suspend(ctx, id, lease);
    case 'Good':
      return lease;
  }
};
