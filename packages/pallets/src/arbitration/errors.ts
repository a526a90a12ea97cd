import { defineErrors } from '@hamster/frame';

export const errors = defineErrors('Arbitration', {
  LeaseNotFound: 'There is no lease with this id.',
  NotRenter: 'Only the renter of a lease may dispute it.',
  LeaseNotDisputable: 'The lease is disputed already, has ended, or its end is due in this block.',
  DisputedLately: 'A dispute about this lease was decided only lately; wait before you open another.',
  NoPanel: 'There is no validator who is not a party to the lease, so nobody could decide.',
  InsufficientBalance: 'The account has not enough free money for the deposit.',
  DisputeNotFound: 'There is no dispute with this id.',
  NotOnPanel: 'Only the members of the panel vote.',
  CommitOver: 'The time to commit votes is over.',
  AlreadyCommitted: 'You have committed a vote already.',
  RevealNotOpen: 'Votes are revealed after the time to commit, and before the decision.',
  NotCommitted: 'You have committed no vote in this dispute.',
  AlreadyRevealed: 'You have revealed your vote already.',
  CommitmentMismatch: 'The hash of this vote and salt is not what you have committed.',
  InvalidParameters: 'The rules can not work with these parameters.',
});
