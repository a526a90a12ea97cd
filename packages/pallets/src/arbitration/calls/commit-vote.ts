import {
  type AccountId,
  type Context,
  defineCall,
  ensure,
  ensureSigned,
  H256,
  passes,
  weightOf,
} from '@hamster/frame';
import { u64 } from '@hamster/scale';

import { disputeFor } from '../access.ts';
import type { ArbitrationConfig } from '../config.ts';
import { errors } from '../errors.ts';
import { events } from '../events.ts';
import { Ballots, Disputes } from '../storage.ts';
import type { Dispute } from '../types.ts';
import { windowsOf } from '../windows.ts';

/** All the checks. Gives the dispute as it is stored. */
const checkCommit = (ctx: Context, config: ArbitrationConfig, id: bigint, voter: AccountId): Dispute => {
  const dispute = disputeFor(ctx, id, voter);
  const { commit_until } = windowsOf(ctx, config, id, dispute);
  ensure(dispute.status.type === 'Open' && ctx.now < commit_until, errors.CommitOver);
  ensure(!Ballots.has(ctx, id, voter), errors.AlreadyCommitted);
  return dispute;
};

export const commitVote = (config: ArbitrationConfig) =>
  defineCall({
    index: 1,
    docs: [
      'Vote in a dispute, hidden. `hash` is BLAKE2b-256 of the SCALE encoding of dispute (u64), your account, verdict, what',
      'you have observed (reachable, cores, memory, disk), and a random salt of 32 bytes. Keep the salt: you have to reveal',
      'all of it when the time to commit is over.',
    ],
    args: { dispute: u64, hash: H256 },
    class: 'Operational',
    weight: () => weightOf(350, 10),
    isUrgent: (ctx, origin, { dispute: id }) =>
      passes(() => checkCommit(ctx, config, id, ensureSigned(origin))),
    dispatch(ctx, origin, { dispute: id, hash: commitment }) {
      const voter = ensureSigned(origin);
      const dispute = checkCommit(ctx, config, id, voter);
      Ballots.put(ctx, id, voter, { commitment, vote: undefined });
      Disputes.put(ctx, id, { ...dispute, committed: dispute.committed + 1 });
      ctx.deposit(events.VoteCommitted({ dispute: id, voter }));
    },
  });
