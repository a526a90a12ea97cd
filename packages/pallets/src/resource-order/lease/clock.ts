import type { Context } from '@hamster/frame';

import type { Market } from '../config.ts';
import { silenceAt } from '../rules/silence.ts';
import { deadlinesOf, nextLook, type Standing, standingAt } from '../rules/standing.ts';
import type { Span } from '../rules/span.ts';
import { Agenda, Looks, Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';

/** The lease's time, as of this block. */
export interface Clock {
  readonly standing: Standing;
  readonly maintenance: Span | undefined;
  /** When silence suspends the lease. */
  readonly suspendAt: bigint;
  /** Milliseconds since the last report, without maintenance. */
  readonly silence: bigint;
}

/** What the time of a lease depends on. */
export interface ClockParts {
  readonly market: Pick<Market, 'offerOf'>;
}

const maintenanceOf = (ctx: Context, { market }: ClockParts, lease: Lease): Span | undefined =>
  market.offerOf(ctx, lease.resource)?.maintenance;

export const clockOf = (ctx: Context, config: ClockParts, lease: Lease): Clock => {
  const maintenance = maintenanceOf(ctx, config, lease);
  const deadlines = deadlinesOf(lease, Parameters.get(ctx), maintenance);
  return {
    standing: standingAt(ctx.now, lease, deadlines),
    maintenance,
    suspendAt: deadlines.suspendAt,
    silence: silenceAt(lease.last_heartbeat, ctx.now, maintenance),
  };
};

/** Makes the appointment at which the lease is looked at again. Each running lease has exactly one. */
export const scheduleLook = (ctx: Context, config: ClockParts, id: bigint, lease: Lease): void => {
  const limits = Parameters.get(ctx);
  const deadlines = deadlinesOf(lease, limits, maintenanceOf(ctx, config, lease));
  const due = nextLook(ctx.now, lease, deadlines, limits);
  Looks.put(ctx, id, Agenda.schedule(ctx, due, { type: 'CheckLease', value: id }));
};

/** The lease doesn't run any more: nobody needs to look at it. */
export const cancelLook = (ctx: Context, id: bigint): void => {
  const look = Looks.get(ctx, id);
  if (look) Agenda.cancel(ctx, look);
  Looks.remove(ctx, id);
};
