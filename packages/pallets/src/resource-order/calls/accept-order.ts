import { bytesEqual, type Context, defineCall, ensure, ensureSigned, weightOf } from '@hamster/frame';
import { bytes, u64 } from '@hamster/scale';

import { orderAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { scheduleLook } from '../lease/clock.ts';
import { ensureSshKey } from '../order/check.ts';
import { cancelTimeout, isOpenOrder } from '../order/close.ts';
import { collateralFor } from '../rules/collateral.ts';
import { Leases, Orders, Parameters } from '../storage.ts';
import type { Lease, Order } from '../types.ts';

interface Terms {
  readonly hostKey: Uint8Array;
  readonly collateral: bigint;
  /** How long the lease is, ms. */
  readonly length: bigint;
}

/** As the renter was told: its slice was taken for so long behind the last moment to accept, however long an hour is by now. */
const lengthOf = (ctx: Context, { market }: ResourceOrderConfig, id: bigint, order: Order): bigint => {
  const until = market.sliceUntil(ctx, order.resource, id);
  return until === undefined ? BigInt(order.hours) * Parameters.get(ctx).hour : until - order.expires_at;
};

const leaseFrom = (ctx: Context, order: Order, { hostKey, collateral, length }: Terms): Lease => {
  const { renter, provider, resource, spec, image, ssh_public_key, price_per_hour, escrow } = order;
  return {
    ...{ renter, provider, resource, spec, image, ssh_public_key, price_per_hour, escrow, collateral },
    ssh_host_key: hostKey,
    paid: 0n,
    refunded: 0n,
    started_at: ctx.now,
    ends_at: ctx.now + length,
    settled_until: ctx.now,
    last_heartbeat: ctx.now,
    status: { type: 'Active' },
    closed: undefined,
    rate_since: ctx.now,
    rate_escrow: escrow,
    disputed_at: undefined,
    time_lost: 0n,
    later: [],
  };
};

export const acceptOrder = (config: ResourceOrderConfig) =>
  defineCall({
    index: 1,
    docs: [
      'Accept an order, once its machine answers. The clock of the lease starts now, and you have to send heartbeats.',
      '',
      'Locks collateral of your free stake: the rent of the lease, at most of some days. `ssh_host_key` is the public',
      'host key of the machine, as in known_hosts without the name: renters verify their first connection by it.',
    ],
    args: { order: u64, ssh_host_key: bytes },
    weight: () => weightOf(1_600, 30),
    dispatch(ctx, origin, { order: id, ssh_host_key }) {
      const provider = ensureSigned(origin);
      const order = orderAt(ctx, id);
      ensure(bytesEqual(order.provider, provider), errors.NotProvider);
      ensure(isOpenOrder(order, ctx.now), errors.OrderNotPending);
      ensureSshKey(ssh_host_key);
      const { collateral_hours_max: maxHours } = Parameters.get(ctx);
      const collateral = collateralFor(order.price_per_hour, BigInt(order.hours), maxHours);
      ensure(config.collateral.free(ctx, provider) >= collateral, errors.InsufficientStake);
      const length = lengthOf(ctx, config, id, order);
      const lease = leaseFrom(ctx, order, { hostKey: ssh_host_key, collateral, length });
      config.collateral.lock(ctx, provider, collateral);
      config.market.beginLease(ctx, order.resource, id, lease.ends_at);
      cancelTimeout(ctx, id);
      Orders.put(ctx, id, { ...order, status: { type: 'Accepted' } });
      Leases.put(ctx, id, lease);
      scheduleLook(ctx, config, id, lease);
      ctx.deposit(events.OrderAccepted({ order: id, provider, collateral, ends_at: lease.ends_at }));
    },
  });
