import { strangeVotes } from '../votes/vote-files.ts';
import { warn, type Finding } from './finding.ts';

/** Votes that no command of this chain can show: one may belong to a chain that is gone, and would be kept for ever. */
export async function checkVotes(home: string, genesisHash: string): Promise<Finding[]> {
  return (await strangeVotes(home, genesisHash)).map(({ file, vote }) =>
    warn(
      'votes',
      `A vote in dispute ${vote.dispute} is kept for another chain, that of ${vote.chain}.`,
      `Only with it can the vote be shown there. If that chain is gone for good: rm ${file}`,
    ),
  );
}
