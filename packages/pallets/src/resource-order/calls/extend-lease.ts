import { bytesEqual, defineCall, ensure, ensureSigned, tokenFailure, weightOf } from '@hamster/frame';
import { compact, u128, u32, u64 } from '@hamster/scale';

import { leaseAt } from '../access.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { checkExtension } from '../lease/extend.ts';
import { Leases } from '../storage.ts';

/** Of a lease that cost nothing until now. What such an account is given it would need to live on. */
const renterIsGone = () => tokenFailure('CannotCreateHold');

export const extendLease = (config: ResourceOrderConfig) =>
  defineCall({
    index: 7,
    docs: [
      'Make a lease longer, at the price that the machine has now, if it is offered for so long.',
      '',
      'Anyone may pay for it: the money becomes the renter’s escrow, and what is not used goes to the renter. Hours that',
      'were agreed before keep their price; up to eight other prices may lie ahead of it. The collateral grows when the machine',
      'reports next: one that is dead already secures no more than it did.',
    ],
    args: { lease: u64, hours: u32, max_price_per_hour: compact(u128) },
    weight: () => weightOf(1_200, 25),
    dispatch(ctx, origin, { lease: id, hours, max_price_per_hour }) {
      const funder = ensureSigned(origin);
      const lease = leaseAt(ctx, id);
      const { cost, extended } = checkExtension(ctx, config, lease, { hours, max_price_per_hour });
      ensure(config.currency.spendable(ctx, funder) >= cost, errors.InsufficientBalance);
      ensure(cost === 0n || config.currency.holdAvailable(ctx, lease.renter), renterIsGone);
      if (!bytesEqual(funder, lease.renter) && cost > 0n) {
        config.currency.transfer(ctx, funder, lease.renter, cost);
      }
      if (cost > 0n) config.currency.hold(ctx, 'LeaseEscrow', lease.renter, cost);
      Leases.put(ctx, id, extended);
      config.market.prolongSlice(ctx, lease.resource, id, extended.ends_at);
      ctx.deposit(events.LeaseExtended({ lease: id, hours, ends_at: extended.ends_at }));
    },
  });
