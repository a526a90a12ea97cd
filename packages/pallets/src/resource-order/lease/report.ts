import { type AccountId, bytesEqual, type Context, ensure } from '@hamster/frame';

import { fits } from '../../primitives/machine.ts';
import { isRunning } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { longestProven } from '../rules/silence.ts';
import { settleServed, settleUnserved } from '../rules/stream.ts';
import { Leases, Parameters } from '../storage.ts';
import type { Lease, Report } from '../types.ts';
import { type Clock, clockOf } from './clock.ts';
import { settle } from './pay.ts';
import { raiseCollateral } from './secure.ts';

const resume = (ctx: Context, id: bigint, lease: Lease): Lease => {
  if (lease.status.type !== 'Suspended') return lease;
  ctx.deposit(events.LeaseResumed({ lease: id }));
  return { ...lease, status: { type: 'Active' } };
};

/** Pays the time since the report before, or returns its rent where too many reports are missing in between. */
const prove = (ctx: Context, config: ResourceOrderConfig, id: bigint, lease: Lease, clock: Clock): void => {
  const isProven = clock.silence <= longestProven(Parameters.get(ctx));
  const settlement = isProven ? settleServed(lease, ctx.now, clock.pauses) : settleUnserved(lease, ctx.now);
  const settled = settle(ctx, config, id, lease, settlement);
  const secured = raiseCollateral(ctx, config, settled);
  Leases.put(ctx, id, resume(ctx, id, { ...secured, last_heartbeat: ctx.now }));
};

/** Whether the machine runs, and is as large as agreed. */
export const isServing = ({ spec }: Pick<Lease, 'spec'>, report: Report): boolean =>
  report.running && fits(spec, report);

/**
 * Takes one report of `provider`. Whether it counted: a report under the agreed size doesn't, and neither does one for
 * a lease that has ended meanwhile.
 * @throws DispatchFailure NotProvider for somebody else's lease
 */
export const takeReport = (
  ctx: Context,
  config: ResourceOrderConfig,
  provider: AccountId,
  report: Report,
): boolean => {
  const lease = Leases.get(ctx, report.lease);
  if (!lease) return false;
  ensure(bytesEqual(lease.provider, provider), errors.NotProvider);
  if (!isRunning(lease.status)) return false;
  const clock = clockOf(ctx, config, lease);
  if (clock.standing === 'Faulty' || clock.standing === 'Over') return false;
  if (!isServing(lease, report)) {
    ctx.deposit(events.UnderDelivered({ lease: report.lease }));
    return false;
  }
  prove(ctx, config, report.lease, lease, clock);
  return true;
};
