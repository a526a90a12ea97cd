import type { AccountId, Context } from '@hamster/frame';

import { payOrTreasury } from '../primitives/pay-or-treasury.ts';
import type { ArbitrationConfig } from './config.ts';
import { events } from './events.ts';
import { decide, type Decision, splitDeposit, type Voice } from './rules/tally.ts';
import { Agenda, Ballots, CountedFrom, Disputes, Parameters } from './storage.ts';
import type { Dispute } from './types.ts';

const voicesOf = (ctx: Context, id: bigint, { panel }: Dispute): Voice[] =>
  panel.map((who) => ({ who, vote: Ballots.get(ctx, id, who)?.vote }));

const forfeitDeposit = (
  ctx: Context,
  { currency, treasury }: ArbitrationConfig,
  { renter, provider, deposit }: Dispute,
  voters: readonly AccountId[],
): void => {
  const shares = splitDeposit(deposit, voters.length);
  const give = (receiver: AccountId, amount: bigint): void => {
    if (amount === 0n) return;
    payOrTreasury(ctx, treasury, receiver, (to) =>
      currency.transferHeld(ctx, 'DisputeDeposit', renter, to, amount),
    );
  };
  give(provider, shares.provider);
  for (const voter of voters) give(voter, shares.voter);
};

/** What follows for the lease and for the money. */
const carryOut = (
  ctx: Context,
  config: ArbitrationConfig,
  dispute: Dispute,
  { verdict, voters }: Decision,
): void => {
  const { renter, deposit, lease } = dispute;
  if (verdict === 'ClaimUnfounded') forfeitDeposit(ctx, config, dispute, voters);
  else config.currency.release(ctx, 'DisputeDeposit', renter, deposit);
  if (verdict !== 'ProviderAtFault') return config.leases.reinstate(ctx, lease);
  config.leases.convict(ctx, lease, { voters, part: Parameters.get(ctx).voters_part });
};

/** Counts the votes and does what they say. A dispute that is decided stays so: a second time nothing happens. */
export const decideDispute = (ctx: Context, config: ArbitrationConfig, id: bigint): void => {
  const dispute = Disputes.get(ctx, id);
  if (dispute?.status.type !== 'Open') return;
  const voices = voicesOf(ctx, id, dispute);
  const decision = decide(voices);
  carryOut(ctx, config, dispute, decision);
  for (const { who, vote } of voices) config.panel.recordVote(ctx, who, vote !== undefined);
  CountedFrom.remove(ctx, id);
  const verdict = { type: decision.verdict };
  Disputes.put(ctx, id, { ...dispute, status: { type: 'Decided', value: { verdict, at: ctx.now } } });
  Agenda.schedule(ctx, ctx.now + Parameters.get(ctx).retention, { type: 'Forget', value: id });
  const counts = { votes: decision.voters.length, panel: dispute.panel.length };
  ctx.deposit(events.DisputeDecided({ dispute: id, lease: dispute.lease, verdict, ...counts }));
};
