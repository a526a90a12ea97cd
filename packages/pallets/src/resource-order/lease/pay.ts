import type { AccountId, Context } from '@hamster/frame';

import { payOrTreasury } from '../../primitives/pay-or-treasury.ts';
import type { ResourceOrderConfig } from '../config.ts';
import { events } from '../events.ts';
import { splitFee } from '../rules/fee.ts';
import type { Settlement } from '../rules/stream.ts';
import { Parameters } from '../storage.ts';
import type { Lease } from '../types.ts';

const payRent = (ctx: Context, config: ResourceOrderConfig, lease: Lease, rent: bigint): bigint => {
  const { currency, pots } = config;
  const split = splitFee(lease.paid, rent, Parameters.get(ctx));
  const shares: readonly (readonly [AccountId, bigint])[] = [
    [lease.provider, split.provider],
    [pots.gateways, split.gateways],
    [pots.validators, split.validators],
    [pots.treasury, split.treasury],
  ];
  for (const [to, amount] of shares) {
    if (amount === 0n) continue;
    payOrTreasury(ctx, pots.treasury, to, (receiver) =>
      currency.transferHeld(ctx, 'LeaseEscrow', lease.renter, receiver, amount),
    );
  }
  return split.fee;
};

/** The lease at the price of the time that it is settled until: where later hours have begun, these are the present ones. */
const atPresentPrice = (lease: Lease): Lease => {
  const [next, ...later] = lease.later;
  if (!next || lease.settled_until < next.from) return lease;
  const { from, escrow, price_per_hour } = next;
  return atPresentPrice({ ...lease, rate_since: from, rate_escrow: escrow, price_per_hour, later });
};

/** Moves the money of a settlement, and gives the lease after it (not stored). */
export const settle = (
  ctx: Context,
  config: ResourceOrderConfig,
  id: bigint,
  lease: Lease,
  { until, paid, refunded }: Settlement,
): Lease => {
  if (paid > 0n) {
    const fee = payRent(ctx, config, lease, paid);
    ctx.deposit(events.Settled({ lease: id, amount: paid, fee }));
  }
  if (refunded > 0n) config.currency.release(ctx, 'LeaseEscrow', lease.renter, refunded);
  return atPresentPrice({
    ...lease,
    settled_until: until,
    escrow: lease.escrow - paid - refunded,
    paid: lease.paid + paid,
    refunded: lease.refunded + refunded,
  });
};
