import { bytesEqual, defineCall, ensure, ensureSigned, H256, orFail, weightOf } from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { disputeFor } from '../access.ts';
import type { ArbitrationConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { commitmentOf } from '../rules/commitment.ts';
import { Ballots, Disputes } from '../storage.ts';
import { Observed, Verdict } from '../types.ts';
import { windowsOf } from '../windows.ts';

export const revealVote = (config: ArbitrationConfig) =>
  defineCall({
    index: 2,
    docs: [
      'Show the vote that you have committed, with its salt. A vote that is not revealed in time counts as none.',
    ],
    args: { dispute: u64, verdict: Verdict, observed: Observed, salt: H256 },
    weight: () => weightOf(90, 7),
    dispatch(ctx, origin, { dispute: id, verdict, observed, salt }) {
      const voter = ensureSigned(origin);
      const dispute = disputeFor(ctx, id, voter);
      const { commit_until, reveal_until } = windowsOf(ctx, config, id, dispute);
      const isOpen = ctx.now >= commit_until && ctx.now < reveal_until;
      ensure(dispute.status.type === 'Open' && isOpen, errors.RevealNotOpen);
      const ballot = orFail(Ballots.get(ctx, id, voter), errors.NotCommitted);
      ensure(ballot.vote === undefined, errors.AlreadyRevealed);
      const vote = { verdict, observed };
      const shown = commitmentOf({ dispute: id, voter, vote, salt });
      ensure(bytesEqual(shown, ballot.commitment), errors.CommitmentMismatch);
      Ballots.put(ctx, id, voter, { ...ballot, vote });
      Disputes.put(ctx, id, { ...dispute, revealed: dispute.revealed + 1 });
      ctx.deposit(events.VoteRevealed({ dispute: id, voter, vote }));
    },
  });
