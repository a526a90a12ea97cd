import type { Settings } from '../cli/settings.ts';
import { duration } from '../format/duration.ts';
import { keptVotes } from './vote-files.ts';
import type { SecretVote } from './vote-files.ts';

/**
 * Says, on whatever command, that a vote has to be shown now; it would count as none otherwise. Forgets nothing: whether it is too late
 * only the chain can say, which is not asked here.
 */
export async function remindOfVotes(
  { settings, tell }: { readonly settings: Pick<Settings, 'home' | 'chain'>; tell(text: string): void },
  now: number = Date.now(),
): Promise<void> {
  for (const { vote } of await keptVotes(settings.home)) {
    if (now >= vote.showFrom) tell(dueText(vote, settings.chain, now));
  }
}

function dueText({ dispute, chain, showUntil }: SecretVote, current: string, now: number): string {
  const where = chain === current ? '' : ` --chain ${chain}`;
  const run = `Run: hamster dispute reveal ${dispute}${where}`;
  if (now >= showUntil) {
    return `The time to show your vote in dispute ${dispute} may be over, unless the chain stood still. ${run}`;
  }
  return `NOW is the time to show your vote in dispute ${dispute}: ${duration(showUntil - now)} left, or it counts as none. ${run}`;
}
