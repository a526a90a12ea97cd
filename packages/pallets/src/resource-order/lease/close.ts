import { type Context, minOf } from '@hamster/frame';

import { permillOf } from '../../primitives/permill.ts';
import type { Outcome, ResourceOrderConfig } from '../config.ts';
import { events } from '../events.ts';
import { type SlashShares, splitSlash } from '../rules/collateral.ts';
import { refundRest } from '../rules/stream.ts';
import { Agenda, Leases, Parameters } from '../storage.ts';
import type { CloseReason, Lease, LeaseStatus } from '../types.ts';
import { payOrTreasury, settle } from './pay.ts';

type Reason = Exclude<CloseReason['type'], 'ProviderAtFault'>;

const STATUS: Readonly<Record<Reason, LeaseStatus['type']>> = {
  Completed: 'Finished',
  TerminatedByRenter: 'Terminated',
  TerminatedByProvider: 'Terminated',
  ProviderFault: 'Faulted',
};

const OUTCOME: Readonly<Record<Reason, Exclude<Outcome['type'], 'Withdrawn' | 'Missed'>>> = {
  Completed: 'Served',
  TerminatedByRenter: 'Served',
  TerminatedByProvider: 'Abandoned',
  ProviderFault: 'Fault',
};

/** What the provider loses of its collateral. `returned` is what the renter gets back of the rent. */
const slashFor = (ctx: Context, reason: Reason, collateral: bigint, returned: bigint): SlashShares => {
  const penalty = Parameters.get(ctx).provider_terminate_penalty;
  if (reason === 'ProviderFault') return splitSlash(collateral, returned);
  const renter = reason === 'TerminatedByProvider' ? permillOf(penalty, collateral) : 0n;
  return { renter, treasury: 0n };
};

const freeCollateral = (
  ctx: Context,
  { collateral, pots }: ResourceOrderConfig,
  lease: Lease,
  slash: SlashShares,
): void => {
  const { renter, provider: who } = lease;
  payOrTreasury(ctx, pots.treasury, renter, (to) => collateral.slash(ctx, { who, to, amount: slash.renter }));
  collateral.slash(ctx, { who, to: pots.treasury, amount: slash.treasury });
  collateral.unlock(ctx, who, lease.collateral - slash.renter - slash.treasury);
};

const hoursServed = (ctx: Context, { started_at, settled_until }: Lease): bigint =>
  (minOf(ctx.now, settled_until) - started_at) / Parameters.get(ctx).hour;

/**
 * Ends a lease for good, after the last rent was settled: the rest of the escrow goes back to the renter, the collateral
 * is freed or slashed, the capacity is free again. Afterwards nothing is held for it.
 */
export const closeLease = (
  ctx: Context,
  config: ResourceOrderConfig,
  id: bigint,
  lease: Lease,
  reason: Reason,
): Lease => {
  const settled = settle(ctx, config, id, lease, refundRest(lease));
  freeCollateral(ctx, config, lease, slashFor(ctx, reason, lease.collateral, lease.escrow));
  const outcome: Outcome = { type: OUTCOME[reason], hours: hoursServed(ctx, settled) };
  config.market.returnSlice(ctx, lease.resource, id, outcome);
  const closed: Lease = {
    ...settled,
    collateral: 0n,
    status: { type: STATUS[reason] },
    closed: { at: ctx.now, reason: { type: reason } },
  };
  Leases.put(ctx, id, closed);
  Agenda.schedule(ctx, ctx.now + Parameters.get(ctx).retention, { type: 'Forget', value: id });
  const { paid, refunded } = closed;
  ctx.deposit(events.LeaseClosed({ lease: id, reason: { type: reason }, paid, refunded }));
  return closed;
};
