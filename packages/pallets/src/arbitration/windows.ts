import { type Context, maxOf } from '@hamster/frame';

import { pausesOf, silenceReaches } from '../primitives/silence.ts';
import type { ArbitrationConfig } from './config.ts';
import { events } from './events.ts';
import { CountedFrom, Disputes } from './storage.ts';
import type { Dispute } from './types.ts';

/** Until when votes are committed, and then revealed, ms. */
export type Windows = Pick<Dispute, 'commit_until' | 'reveal_until'>;

/** The windows of a dispute, each longer by the time in which the chain stood still and nobody could vote. */
export const windowsOf = (
  ctx: Context,
  { standstills }: Pick<ArbitrationConfig, 'standstills'>,
  id: bigint,
  { opened_at, commit_until, reveal_until }: Dispute,
): Windows => {
  const since = CountedFrom.get(ctx, id) ?? opened_at;
  const pauses = pausesOf(standstills(ctx));
  const begin = maxOf(since, commit_until);
  const committed = commit_until > since ? silenceReaches(since, commit_until - since, pauses) : commit_until;
  const revealed = silenceReaches(maxOf(since, committed), reveal_until - begin, pauses);
  return { commit_until: committed, reveal_until: revealed };
};

/** Notes the windows in the dispute where they have moved, and tells of it; what the chain stood still until now is in them. */
export const noteWindows = (
  ctx: Context,
  config: Pick<ArbitrationConfig, 'standstills'>,
  id: bigint,
  dispute: Dispute,
): Dispute => {
  const moved = windowsOf(ctx, config, id, dispute);
  if (moved.reveal_until === dispute.reveal_until) return dispute;
  const noted = { ...dispute, ...moved };
  Disputes.put(ctx, id, noted);
  CountedFrom.put(ctx, id, ctx.now);
  ctx.deposit(events.VotingProlonged({ dispute: id, ...moved }));
  return noted;
};
