import { type Context, type PalletHooks, weightOf } from '@hamster/frame';

import type { ArbitrationConfig } from './config.ts';
import { decideDispute } from './decide.ts';
import { events } from './events.ts';
import { Agenda, Ballots, DisputeOfLease, Disputes, Parameters } from './storage.ts';
import { type Dispute, MAX_PANEL, type Task } from './types.ts';
import { noteWindows } from './windows.ts';

/** A decision reads, pays and counts each member of the panel. */
const TASK_WEIGHT = weightOf(1_500 + 120 * MAX_PANEL, 34 + 5 * MAX_PANEL);

/** How long a task that failed waits until it is tried again, ms. */
const RETRY_AFTER = 600_000n;

/** A dispute with the windows that it has by now, if it is open. */
const openDispute = (ctx: Context, config: ArbitrationConfig, id: bigint): Dispute | undefined => {
  const dispute = Disputes.get(ctx, id);
  return dispute?.status.type === 'Open' ? noteWindows(ctx, config, id, dispute) : undefined;
};

/** The votes are in. Where nobody has voted there is nothing to wait for. */
const closeCommit = (ctx: Context, config: ArbitrationConfig, id: bigint): void => {
  const dispute = openDispute(ctx, config, id);
  if (!dispute) return;
  if (dispute.commit_until > ctx.now) {
    Agenda.schedule(ctx, dispute.commit_until, { type: 'CloseCommit', value: id });
    return;
  }
  if (dispute.committed === 0) return decideDispute(ctx, config, id);
  Agenda.schedule(ctx, dispute.reveal_until, { type: 'Decide', value: id });
  ctx.deposit(events.RevealBegan({ dispute: id, committed: dispute.committed }));
};

const closeReveal = (ctx: Context, config: ArbitrationConfig, id: bigint): void => {
  const dispute = openDispute(ctx, config, id);
  if (!dispute) return;
  if (dispute.reveal_until <= ctx.now) return decideDispute(ctx, config, id);
  Agenda.schedule(ctx, dispute.reveal_until, { type: 'Decide', value: id });
};

const forget = (ctx: Context, id: bigint): void => {
  const dispute = Disputes.get(ctx, id);
  if (!dispute) return;
  for (const member of dispute.panel) Ballots.remove(ctx, id, member);
  if (DisputeOfLease.get(ctx, dispute.lease) === id) DisputeOfLease.remove(ctx, dispute.lease);
  Disputes.remove(ctx, id);
};

const perform = (ctx: Context, config: ArbitrationConfig, task: Task): void => {
  switch (task.type) {
    case 'CloseCommit':
      return closeCommit(ctx, config, task.value);
    case 'Decide':
      return closeReveal(ctx, config, task.value);
    case 'Forget':
      return forget(ctx, task.value);
  }
};

export const hooks = (config: ArbitrationConfig): PalletHooks => ({
  onPoll: (ctx, meter) =>
    Agenda.runDue(ctx, meter, {
      weight: TASK_WEIGHT,
      most: Parameters.get(ctx).due_per_block,
      nameOf: ({ type, value }) => `${type} of ${value}`,
      run: (task) => perform(ctx, config, task),
      // A decision may be late, but is never lost.
      retry: (task) => void Agenda.schedule(ctx, ctx.now + RETRY_AFTER, task),
    }),
});
