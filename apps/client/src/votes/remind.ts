import type { ChainClient } from '@hamster/chain-client';
import type { Settings } from '../cli/settings.ts';
import { duration } from '../format/duration.ts';
import { forgetVotes } from './forget.ts';
import { keptVotes } from './vote-files.ts';
import type { SecretVote } from './vote-files.ts';

interface Reminding {
  readonly settings: Pick<Settings, 'home' | 'chain'>;
  /** Of the chain that is used, where it was asked. */
  readonly genesisHash?: string;
  tell(text: string): void;
}

/**
 * Says, on whatever command, that a vote has to be shown now; it would count as none otherwise. The chain is not asked here, so what
 * is late, or belongs to a chain that is no more, is left to those who ask it.
 */
export async function remindOfVotes(
  { settings, genesisHash, tell }: Reminding,
  now: number = Date.now(),
): Promise<void> {
  for (const { vote } of await keptVotes(settings.home)) {
    const isGone =
      genesisHash !== undefined && vote.genesisHash !== genesisHash && vote.chain === settings.chain;
    if (now >= vote.showFrom && now < vote.showUntil && !isGone) tell(dueText(vote, settings.chain, now));
  }
}

interface Late {
  readonly chain: Pick<ChainClient, 'chain' | 'now' | 'dispute' | 'ballot'>;
  readonly settings: Pick<Settings, 'home'>;
  readonly signal: AbortSignal;
  tell(text: string): void;
}

/** Forgets the votes of this chain of which it says that they are of no use any more; those that are late and can still be shown are told. */
export async function lookAfterVotes(
  { chain, settings: { home }, signal, tell }: Late,
  now: number = Date.now(),
): Promise<void> {
  const isOurs = ({ genesisHash }: SecretVote): boolean => genesisHash === chain.chain.genesisHash;
  if (!(await keptVotes(home)).some(({ vote }) => isOurs(vote))) return;
  await forgetVotes({ chain, home, signal, tell });
  for (const { vote } of await keptVotes(home)) {
    if (!isOurs(vote) || now < vote.showUntil) continue;
    tell(
      `Dispute ${vote.dispute} is still open: the chain stood still, and your vote can be shown. ${runText(vote)}`,
    );
  }
}

function dueText(vote: SecretVote, current: string, now: number): string {
  const where = vote.chain === current ? '' : ` --chain ${vote.chain}`;
  const left = duration(vote.showUntil - now);
  return `NOW is the time to show your vote in dispute ${vote.dispute}: ${left} left, or it counts as none. ${runText(vote)}${where}`;
}

function runText({ dispute }: SecretVote): string {
  return `Run: hamster dispute reveal ${dispute}`;
}
