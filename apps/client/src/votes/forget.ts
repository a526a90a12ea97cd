import type { ChainClient } from '@hamster/chain-client';
import { keptVotes, removeVote } from './vote-files.ts';
import type { SecretVote } from './vote-files.ts';

interface Forgetting {
  readonly chain: Pick<ChainClient, 'chain' | 'now' | 'dispute' | 'ballot'>;
  readonly home: string;
  readonly signal: AbortSignal;
  tell(text: string): void;
}

/**
 * Forgets the votes that nobody can show any more, or has to: by what this chain says of their disputes. The times that are kept with a
 * vote decide nothing, since a chain that stood still gives them back.
 */
export async function forgetVotes(forgetting: Forgetting): Promise<void> {
  const { chain, home, signal } = forgetting;
  // Before the disputes are read: only a chain that is past the vote can say that its dispute is gone.
  const now = await chain.now({ signal });
  for (const { commitment, vote } of await keptVotes(home)) {
    if (vote.genesisHash !== chain.chain.genesisHash || now < vote.showFrom) continue;
    const news = await newsOf(forgetting, vote);
    if (news === undefined) continue;
    await removeVote(home, commitment);
    forgetting.tell(news);
  }
}

/** Why a vote is of no use any more; undefined while it may be needed. */
async function newsOf(
  { chain, signal }: Forgetting,
  { dispute: id, voter }: SecretVote,
): Promise<string | undefined> {
  const ballot = await chain.ballot(id, voter, { signal });
  if (ballot?.vote) return `Your vote in dispute ${id} is shown.`;
  const dispute = await chain.dispute(id, { signal });
  if (!dispute) return `Dispute ${id} is over and forgotten, and your vote in it.`;
  if (dispute.status === 'Open') return undefined;
  return `Your vote in dispute ${id} was not shown in time: it counted as none.`;
}
