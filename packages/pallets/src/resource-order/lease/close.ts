import { type AccountId, type Context, maxOf, portion } from '@hamster/frame';

import { payOrTreasury } from '../../primitives/pay-or-treasury.ts';
import { permillOf } from '../../primitives/permill.ts';
import { silenceAt } from '../../primitives/silence.ts';
import type { Outcome, ResourceOrderConfig } from '../config.ts';
import { events } from '../events.ts';
import { type SlashShares, splitSlash } from '../rules/collateral.ts';
import { refundRest } from '../rules/stream.ts';
import { Closing, Leases, Parameters } from '../storage.ts';
import type { CloseReason, Lease, LeaseStatus } from '../types.ts';
import { cancelLook, clockOf } from './clock.ts';
import { settle } from './pay.ts';

type Reason = CloseReason['type'];

const STATUS: Readonly<Record<Reason, LeaseStatus['type']>> = {
  Completed: 'Finished',
  TerminatedByRenter: 'Terminated',
  TerminatedByProvider: 'Terminated',
  ProviderFault: 'Faulted',
  ProviderAtFault: 'Faulted',
};

const OUTCOME: Readonly<Record<Reason, Exclude<Outcome['type'], 'Withdrawn' | 'Missed'>>> = {
  Completed: 'Served',
  TerminatedByRenter: 'Served',
  TerminatedByProvider: 'Abandoned',
  ProviderFault: 'Fault',
  ProviderAtFault: 'DisputeLost',
};

/** Those who decided against the provider, and the part of the slash that they share. */
export interface Jury {
  readonly voters: readonly AccountId[];
  /** Permill. */
  readonly part: number;
}

const NO_JURY: Jury = { voters: [], part: 0 };

/** What the provider loses of its collateral. `returned` is what the renter gets back of the rent. */
const slashFor = (ctx: Context, reason: Reason, lease: Lease, { voters, part }: Jury): SlashShares => {
  const { collateral, escrow: returned } = lease;
  const isFault = reason === 'ProviderFault' || reason === 'ProviderAtFault';
  if (isFault) return splitSlash(collateral, returned, { size: voters.length, part });
  const penalty = Parameters.get(ctx).provider_terminate_penalty;
  const renter = reason === 'TerminatedByProvider' ? permillOf(penalty, collateral) : 0n;
  return { renter, voter: 0n, treasury: 0n };
};

const freeCollateral = (
  ctx: Context,
  { collateral, pots }: ResourceOrderConfig,
  lease: Lease,
  slash: SlashShares,
  { voters }: Jury,
): void => {
  const { renter, provider: who } = lease;
  const give = (receiver: AccountId, amount: bigint): void =>
    payOrTreasury(ctx, pots.treasury, receiver, (to) => collateral.slash(ctx, { who, to, amount }));
  give(renter, slash.renter);
  for (const voter of voters) give(voter, slash.voter);
  give(pots.treasury, slash.treasury);
  const slashed = slash.renter + slash.voter * BigInt(voters.length) + slash.treasury;
  collateral.unlock(ctx, who, lease.collateral - slashed);
};

/**
 * Of the time that was settled, without that in which disputes stopped the clock, the share whose rent was paid: what
 * went back to the renter was not served. Rent is rounded to a planck, so the share is to the nearest millisecond.
 */
const timePaid = ({ started_at, settled_until, time_lost, paid, refunded }: Lease): bigint => {
  const settled = settled_until - started_at - time_lost;
  const rent = paid + refunded;
  return rent === 0n ? settled : (portion(2n * settled, paid, rent) + 1n) / 2n;
};

/** Whole hours. What is paid beyond the present is notice, in which maintenance is not paid either. */
const hoursServed = (ctx: Context, config: ResourceOrderConfig, lease: Lease): bigint => {
  const { pauses } = clockOf(ctx, config, lease);
  const notice = maxOf(0n, silenceAt(ctx.now, lease.settled_until, pauses));
  return maxOf(0n, timePaid(lease) - notice) / Parameters.get(ctx).hour;
};

/**
 * A machine that was silent when its lease ended has served hours, but not the lease. Neither has one of whose rent nothing was
 * paid: no fault, since each silence ended in time or was a pause.
 */
const outcomeOf = (ctx: Context, config: ResourceOrderConfig, reason: Reason, lease: Lease): Outcome => {
  const isUnpaid = lease.paid === 0n && lease.escrow + lease.refunded > 0n;
  const isServed = lease.status.type !== 'Suspended' && !isUnpaid;
  const type = OUTCOME[reason] === 'Served' && !isServed ? 'Abandoned' : OUTCOME[reason];
  return { type, hours: hoursServed(ctx, config, lease) };
};

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
  jury = NO_JURY,
): Lease => {
  const settled = settle(ctx, config, id, lease, refundRest(lease));
  freeCollateral(ctx, config, lease, slashFor(ctx, reason, lease, jury), jury);
  config.market.returnSlice(ctx, lease.resource, id, outcomeOf(ctx, config, reason, lease));
  const closed: Lease = {
    ...settled,
    collateral: 0n,
    status: { type: STATUS[reason] },
    closed: { at: ctx.now, reason: { type: reason } },
    disputed_at: undefined,
    later: [],
  };
  Leases.put(ctx, id, closed);
  cancelLook(ctx, id);
  Closing.schedule(ctx, ctx.now + Parameters.get(ctx).retention, id);
  const { paid, refunded } = closed;
  ctx.deposit(events.LeaseClosed({ lease: id, reason: { type: reason }, paid, refunded }));
  return closed;
};
