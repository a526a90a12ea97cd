import { type Context, maxOf, minOf } from '@hamster/frame';

import type { ResourceOrderConfig } from '../config.ts';
import { collateralFor } from '../rules/collateral.ts';
import { Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';

/** The price of an hour of what is left, over all of its prices. */
const averagePrice = (lease: Lease, hour: bigint): bigint =>
  lease.later.length === 0
    ? lease.price_per_hour
    : (lease.escrow * hour) / (lease.ends_at - lease.settled_until);

/**
 * A lease that was made longer is secured better, as far as the provider's free stake allows: from the first report behind that
 * on, so that nobody can raise what a provider loses by a machine that is dead already.
 */
export const raiseCollateral = (
  ctx: Context,
  { collateral }: Pick<ResourceOrderConfig, 'collateral'>,
  lease: Lease,
): Lease => {
  const { hour, collateral_hours_max } = Parameters.get(ctx);
  const hoursLeft = (lease.ends_at - ctx.now) / hour;
  const rent = collateralFor(averagePrice(lease, hour), hoursLeft, collateral_hours_max);
  // What is left of the rent bounds it, whatever root has made of an hour meanwhile.
  const missing = maxOf(0n, minOf(rent, lease.escrow) - lease.collateral);
  const extra = minOf(missing, collateral.free(ctx, lease.provider));
  if (extra === 0n) return lease;
  collateral.lock(ctx, lease.provider, extra);
  return { ...lease, collateral: lease.collateral + extra };
};
