import {
  type AccountId,
  bytesEqual,
  checkedAdd,
  type Context,
  defineCall,
  ensure,
  ensureSigned,
  H256,
  maxOf,
  orFail,
  U64_MAX,
  weightOf,
} from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { permillOf } from '../../primitives/permill.ts';
import type { ArbitrationConfig, LeaseFacts } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Agenda, DisputeOfLease, Disputes, NextDisputeId, Parameters } from '../storage.ts';
import { Claim, type Dispute, MAX_PANEL } from '../types.ts';

const ensureNotLately = (ctx: Context, lease: bigint): void => {
  const last = DisputeOfLease.get(ctx, lease);
  const status = last === undefined ? undefined : Disputes.get(ctx, last)?.status;
  if (status?.type !== 'Decided') return;
  ensure(ctx.now >= status.value.at + Parameters.get(ctx).reopen_after, errors.DisputedLately);
};

/** The validators of this moment, without the parties. */
const panelFor = (ctx: Context, { panel }: ArbitrationConfig, facts: LeaseFacts): readonly AccountId[] => {
  const isParty = (who: AccountId): boolean =>
    bytesEqual(who, facts.renter) || bytesEqual(who, facts.provider);
  const members = panel.members(ctx).filter((who) => !isParty(who));
  ensure(members.length > 0, errors.NoPanel);
  return members.slice(0, MAX_PANEL);
};

interface Complaint {
  readonly lease: bigint;
  readonly claim: Claim;
  readonly evidence_hash: Uint8Array;
}

/** All the checks. Gives the dispute as it is to be stored. */
const checkComplaint = (
  ctx: Context,
  config: ArbitrationConfig,
  who: AccountId,
  { lease, claim, evidence_hash }: Complaint,
): Dispute => {
  const facts = orFail(config.leases.factsOf(ctx, lease), errors.LeaseNotFound);
  const { renter, provider } = facts;
  ensure(bytesEqual(renter, who), errors.NotRenter);
  ensure(facts.isDisputable, errors.LeaseNotDisputable);
  ensureNotLately(ctx, lease);
  const panel = panelFor(ctx, config, facts);
  const { deposit_part, min_deposit, commit_period, reveal_period } = Parameters.get(ctx);
  const deposit = maxOf(min_deposit, permillOf(deposit_part, facts.rent));
  ensure(config.currency.spendable(ctx, who) >= deposit, errors.InsufficientBalance);
  const commit_until = ctx.now + commit_period;
  return {
    ...{ lease, renter, provider, claim, evidence_hash, deposit, panel, commit_until },
    opened_at: ctx.now,
    reveal_until: commit_until + reveal_period,
    committed: 0,
    revealed: 0,
    status: { type: 'Open' },
  };
};

export const openDispute = (config: ArbitrationConfig) =>
  defineCall({
    index: 0,
    docs: [
      'Complain about a machine that you rent. The lease stands still, and its money stays where it is, until the panel',
      'has decided: the validators of this moment, without the parties.',
      '',
      'You deposit a tenth of the rent, at least a minimum. You get it back unless the claim is found to be unfounded.',
      '`evidence_hash` is the hash of whatever you show to the panel elsewhere; zeros if there is nothing.',
    ],
    args: { lease: u64, claim: Claim, evidence_hash: H256 },
    weight: () => weightOf(1_500, 35),
    dispatch(ctx, origin, complaint) {
      const renter = ensureSigned(origin);
      const dispute = checkComplaint(ctx, config, renter, complaint);
      const id = NextDisputeId.get(ctx);
      NextDisputeId.put(ctx, checkedAdd(id, 1n, U64_MAX));
      config.currency.hold(ctx, 'DisputeDeposit', renter, dispute.deposit);
      config.leases.begin(ctx, dispute.lease);
      Disputes.put(ctx, id, dispute);
      DisputeOfLease.put(ctx, dispute.lease, id);
      Agenda.schedule(ctx, dispute.commit_until, { type: 'CloseCommit', value: id });
      const { lease, provider, claim, deposit, commit_until, reveal_until, panel } = dispute;
      const told = { lease, renter, provider, claim, deposit, commit_until, reveal_until };
      ctx.deposit(events.DisputeOpened({ dispute: id, ...told, panel: panel.length }));
    },
  });
