import { type AccountId, bytesEqual, type Context, ensureInvariant } from '@hamster/frame';

import type { ArbitrationConfig } from './config.ts';
import { Agenda, Ballots, CountedFrom, DisputeOfLease, Disputes, NextDisputeId } from './storage.ts';
import type { Dispute } from './types.ts';

type Entries = ReadonlyMap<bigint, Dispute>;

const isOpen = ({ status }: Dispute): boolean => status.type === 'Open';

const checkDeposits = (ctx: Context, { currency }: ArbitrationConfig, disputes: Entries): void => {
  const explained = new Map<string, { readonly who: AccountId; readonly amount: bigint }>();
  for (const dispute of disputes.values()) {
    const key = dispute.renter.join();
    const amount = (explained.get(key)?.amount ?? 0n) + (isOpen(dispute) ? dispute.deposit : 0n);
    explained.set(key, { who: dispute.renter, amount });
  }
  for (const { who, amount } of explained.values()) {
    const held = currency.held(ctx, 'DisputeDeposit', who);
    ensureInvariant(held === amount, `${held} is held as deposit, but open disputes explain ${amount}`);
  }
};

const checkLeases = (ctx: Context, { leases }: ArbitrationConfig, disputes: Entries): void => {
  const open = [...disputes].filter(([, dispute]) => isOpen(dispute));
  const standing = new Set(leases.disputed(ctx));
  ensureInvariant(
    standing.size === open.length,
    `${standing.size} leases stand still, ${open.length} disputed`,
  );
  for (const [id, { lease }] of open) {
    const isKnown = standing.has(lease) && DisputeOfLease.get(ctx, lease) === id;
    ensureInvariant(isKnown, `lease ${lease} of dispute ${id} does not stand still`);
  }
};

const checkVotes = (ctx: Context, id: bigint, dispute: Dispute): void => {
  const ballots = [...Ballots.entriesOf(ctx, id)];
  const isMember = (who: AccountId): boolean => dispute.panel.some((member) => bytesEqual(member, who));
  ensureInvariant(
    ballots.every(([who]) => isMember(who)),
    `dispute ${id} has votes of strangers`,
  );
  const revealed = ballots.filter(([, { vote }]) => vote !== undefined).length;
  const isCounted = ballots.length === dispute.committed && revealed === dispute.revealed;
  ensureInvariant(isCounted, `dispute ${id} has ${ballots.length} votes, ${revealed} of them revealed`);
  const isParty = isMember(dispute.renter) || isMember(dispute.provider);
  ensureInvariant(!isParty && id < NextDisputeId.get(ctx), `dispute ${id} is decided by one of its parties`);
};

/** Whatever waits has exactly one appointment that ends its waiting. */
const checkAgenda = (ctx: Context, disputes: Entries): void => {
  const tasks = [...Agenda.entries(ctx)].map(([, task]) => task);
  ensureInvariant(tasks.length === disputes.size, `${disputes.size} disputes have ${tasks.length} tasks`);
  for (const { type, value } of tasks) {
    const dispute = disputes.get(value);
    const isRight = dispute !== undefined && isOpen(dispute) === (type !== 'Forget');
    ensureInvariant(isRight, `${type} of dispute ${value} has nothing to do`);
  }
};

/** Deposits held = Σ open disputes; these are the leases that stand still; votes are the panel's; all will be decided. */
export const tryState =
  (config: ArbitrationConfig) =>
  (ctx: Context): void => {
    const disputes = new Map(Disputes.entries(ctx));
    checkDeposits(ctx, config, disputes);
    checkLeases(ctx, config, disputes);
    for (const [id, dispute] of disputes) checkVotes(ctx, id, dispute);
    checkAgenda(ctx, disputes);
    const stray = [...Ballots.entries(ctx)].some(([[id]]) => !disputes.has(id));
    ensureInvariant(!stray, 'a vote belongs to no dispute');
    const counted = [...CountedFrom.entries(ctx)].map(([id]) => disputes.get(id));
    const areOpen = counted.every((dispute) => dispute !== undefined && isOpen(dispute));
    ensureInvariant(areOpen, 'time is counted for a dispute that is not open');
  };
