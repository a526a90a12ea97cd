import type { Settings } from '../cli/settings.ts';
import { duration } from '../format/duration.ts';
import { keptVotes, removeVote } from './vote-files.ts';
import type { SecretVote } from './vote-files.ts';

/** Says, on whatever command, that a vote has to be shown now; it would count as none otherwise. */
export async function remindOfVotes(
  { settings, tell }: { readonly settings: Pick<Settings, 'home' | 'chain'>; tell(text: string): void },
  now: number = Date.now(),
): Promise<void> {
  for (const { commitment, vote } of await keptVotes(settings.home)) {
    if (now >= vote.showUntil) {
      await removeVote(settings.home, commitment);
      tell(`Your vote in dispute ${vote.dispute} was not shown in time: it counted as none.`);
    } else if (now >= vote.showFrom) {
      tell(dueText(vote, settings.chain, now));
    }
  }
}

function dueText({ dispute, chain, showUntil }: SecretVote, current: string, now: number): string {
  const where = chain === current ? '' : ` --chain ${chain}`;
  return (
    `NOW is the time to show your vote in dispute ${dispute}: ${duration(showUntil - now)} left, or it counts as none. ` +
    `Run: hamster dispute reveal ${dispute}${where}`
  );
}
