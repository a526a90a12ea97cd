import type { AccountId, Context } from '@hamster/frame';

import { ValidatorInfo, Validators } from './storage.ts';

const MAX_COUNT = 2 ** 32 - 1;

const countUp = (count: number): number => Math.min(count + 1, MAX_COUNT);

/** What this pallet does for whoever needs a panel; the runtime plugs it in there. */
export const validatorServices = {
  members: (ctx: Context): readonly AccountId[] => Validators.get(ctx),

  /** Counts for a member of a panel whether it has voted. One that is no validator any more is not counted. */
  recordVote(ctx: Context, who: AccountId, hasVoted: boolean): void {
    const found = ValidatorInfo.get(ctx, who);
    if (!found) return;
    const { votes, missed_votes } = found;
    const counts = hasVoted ? { votes: countUp(votes) } : { missed_votes: countUp(missed_votes) };
    ValidatorInfo.put(ctx, who, { ...found, ...counts });
  },
};
