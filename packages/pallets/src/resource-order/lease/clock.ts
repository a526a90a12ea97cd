import type { Context } from '@hamster/frame';

import { type Pauses, pausesOf, silenceAt } from '../../primitives/silence.ts';
import type { Market, Standstills } from '../config.ts';
import { deadlinesOf, nextLook, type Standing, standingAt } from '../rules/standing.ts';
import { Agenda, Looks, Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';

/** The lease's time, as of this block. */
export interface Clock {
  readonly standing: Standing;
  /** In which neither silence nor rent counts: maintenance, and when the chain stood still. */
  readonly pauses: Pauses;
  /** When silence suspends the lease. */
  readonly suspendAt: bigint;
  /** Milliseconds since the last report, without pauses. */
  readonly silence: bigint;
}

/** What the time of a lease depends on. */
export interface ClockParts {
  readonly market: Pick<Market, 'offerOf'>;
  readonly standstills: Standstills;
}

const pausesFor = (ctx: Context, { market, standstills }: ClockParts, lease: Lease): Pauses => {
  const maintenance = market.offerOf(ctx, lease.resource)?.maintenance;
  return pausesOf([...standstills(ctx), ...(maintenance ? [maintenance] : [])]);
};

export const clockOf = (ctx: Context, config: ClockParts, lease: Lease): Clock => {
  const pauses = pausesFor(ctx, config, lease);
  const deadlines = deadlinesOf(lease, Parameters.get(ctx), pauses);
  return {
    standing: standingAt(ctx.now, lease, deadlines),
    pauses,
    suspendAt: deadlines.suspendAt,
    silence: silenceAt(lease.last_heartbeat, ctx.now, pauses),
  };
};

/** Makes the appointment at which the lease is looked at again. Each running lease has exactly one. */
export const scheduleLook = (ctx: Context, config: ClockParts, id: bigint, lease: Lease): void => {
  const limits = Parameters.get(ctx);
  const deadlines = deadlinesOf(lease, limits, pausesFor(ctx, config, lease));
  const due = nextLook(ctx.now, lease, deadlines, limits);
  Looks.put(ctx, id, Agenda.schedule(ctx, due, { type: 'CheckLease', value: id }));
};

/** The lease doesn't run any more: nobody needs to look at it. */
export const cancelLook = (ctx: Context, id: bigint): void => {
  const look = Looks.get(ctx, id);
  if (look) Agenda.cancel(ctx, look);
  Looks.remove(ctx, id);
};
