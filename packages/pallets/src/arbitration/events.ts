import { AccountId, defineEvents } from '@hamster/frame';
import { documented, u128, u32, u64 } from '@hamster/scale';

import { Claim, Verdict, Vote } from './types.ts';

export const events = defineEvents('Arbitration', {
  DisputeOpened: documented('A renter disputes a lease; it stands still until the panel has decided.', {
    dispute: u64,
    lease: u64,
    renter: AccountId,
    provider: AccountId,
    claim: Claim,
    deposit: u128,
    panel: u32,
    commit_until: u64,
    reveal_until: u64,
  }),
  VoteCommitted: documented('A member of the panel has made up its mind.', {
    dispute: u64,
    voter: AccountId,
  }),
  RevealBegan: documented('So many votes were committed; they are revealed now.', {
    dispute: u64,
    committed: u32,
  }),
  VoteRevealed: documented('A member of the panel has shown its vote.', {
    dispute: u64,
    voter: AccountId,
    vote: Vote,
  }),
  DisputeDecided: documented('So many of the panel voted for this verdict.', {
    dispute: u64,
    lease: u64,
    verdict: Verdict,
    votes: u32,
    panel: u32,
  }),
  ParametersSet: documented('Root changed the parameters.', null),
  VotingProlonged: documented('The chain stood still, so there is as much more time to vote.', {
    dispute: u64,
    commit_until: u64,
    reveal_until: u64,
  }),
});
