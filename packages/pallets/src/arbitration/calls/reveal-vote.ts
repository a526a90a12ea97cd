import {
  type AccountId,
  bytesEqual,
  type Context,
  defineCall,
  ensure,
  ensureSigned,
  H256,
  orFail,
  passes,
  weightOf,
} from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { disputeFor } from '../access.ts';
import type { ArbitrationConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { commitmentOf } from '../rules/commitment.ts';
import { Ballots, Disputes } from '../storage.ts';
import { type Ballot, type Dispute, Observed, Verdict, type Vote } from '../types.ts';
import { windowsOf } from '../windows.ts';

interface ShownVote extends Vote {
  readonly dispute: bigint;
  readonly salt: Uint8Array;
}

interface Checked {
  readonly dispute: Dispute;
  readonly ballot: Ballot;
}

/** All the checks. Gives dispute and ballot as they are stored. */
const checkReveal = (
  ctx: Context,
  config: ArbitrationConfig,
  voter: AccountId,
  { dispute: id, salt, verdict, observed }: ShownVote,
): Checked => {
  const dispute = disputeFor(ctx, id, voter);
  const { commit_until, reveal_until } = windowsOf(ctx, config, id, dispute);
  const isOpen = ctx.now >= commit_until && ctx.now < reveal_until;
  ensure(dispute.status.type === 'Open' && isOpen, errors.RevealNotOpen);
  const ballot = orFail(Ballots.get(ctx, id, voter), errors.NotCommitted);
  ensure(ballot.vote === undefined, errors.AlreadyRevealed);
  const shown = commitmentOf({ dispute: id, voter, vote: { verdict, observed }, salt });
  ensure(bytesEqual(shown, ballot.commitment), errors.CommitmentMismatch);
  return { dispute, ballot };
};

export const revealVote = (config: ArbitrationConfig) =>
  defineCall({
    index: 2,
    docs: [
      'Show the vote that you have committed, with its salt. A vote that is not revealed in time counts as none.',
    ],
    args: { dispute: u64, verdict: Verdict, observed: Observed, salt: H256 },
    class: 'Operational',
    weight: () => weightOf(650, 10),
    isUrgent: (ctx, origin, vote) => passes(() => checkReveal(ctx, config, ensureSigned(origin), vote)),
    dispatch(ctx, origin, shown) {
      const voter = ensureSigned(origin);
      const { dispute, ballot } = checkReveal(ctx, config, voter, shown);
      const { dispute: id, verdict, observed } = shown;
      const vote = { verdict, observed };
      Ballots.put(ctx, id, voter, { ...ballot, vote });
      Disputes.put(ctx, id, { ...dispute, revealed: dispute.revealed + 1 });
      ctx.deposit(events.VoteRevealed({ dispute: id, voter, vote }));
    },
  });
