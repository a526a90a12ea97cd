import { AccountId, H256 } from '@hamster/frame';
import { bool, field, type Infer, option, struct, u128, u32, u64, variant, vec } from '@hamster/scale';

import { Permill } from '../primitives/permill.ts';

/** Members of a panel: bounds what a decision costs. */
export const MAX_PANEL = 64;

/** What the renter says is wrong. */
export const Claim = variant('hamster_primitives::DisputeClaim', {
  Unreachable: null,
  SpecMismatch: null,
  Other: null,
});
export type Claim = Infer<typeof Claim>;

export const Verdict = variant('hamster_primitives::Verdict', {
  ProviderAtFault: null,
  ClaimUnfounded: null,
  Inconclusive: null,
});
export type Verdict = Infer<typeof Verdict>;

/** What a member of the panel has seen of the machine. */
export const Observed = struct('hamster_primitives::Observed', {
  reachable: bool,
  cpu_cores: u32,
  memory_mib: u32,
  disk_gib: u32,
});
export type Observed = Infer<typeof Observed>;

export const Vote = struct('hamster_primitives::Vote', { verdict: Verdict, observed: Observed });
export type Vote = Infer<typeof Vote>;

/** What a commitment is the BLAKE2b-256 hash of, SCALE-encoded. It names the voter, so that a copied one is of no use. */
export const CommittedVote = struct('hamster_primitives::CommittedVote', {
  dispute: u64,
  voter: AccountId,
  vote: Vote,
  salt: H256,
});
export type CommittedVote = Infer<typeof CommittedVote>;

/** A member's vote: hidden until it is revealed. */
export const Ballot = struct('hamster_primitives::Ballot', { commitment: H256, vote: option(Vote) });
export type Ballot = Infer<typeof Ballot>;

export const DisputeStatus = variant('hamster_primitives::DisputeStatus', {
  Open: null,
  Decided: { verdict: Verdict, at: u64 },
});

/** A renter's complaint about a lease. Votes are committed until before `commit_until`, then revealed until before `reveal_until`. */
export const Dispute = struct('hamster_primitives::Dispute', {
  lease: u64,
  renter: AccountId,
  provider: AccountId,
  claim: Claim,
  evidence_hash: H256,
  deposit: u128,
  opened_at: u64,
  commit_until: u64,
  reveal_until: u64,
  panel: vec(AccountId, { max: MAX_PANEL }),
  committed: u32,
  revealed: u32,
  status: DisputeStatus,
});
export type Dispute = Infer<typeof Dispute>;

/** What the agenda does when a moment comes; the number is the id of the dispute. */
export const Task = variant('hamster_primitives::DisputeTask', {
  CloseCommit: u64,
  Decide: u64,
  Forget: u64,
});
export type Task = Infer<typeof Task>;

export const Parameters = struct('hamster_primitives::ArbitrationParameters', {
  deposit_part: field(Permill, 'The part of the lease’s rent that a renter deposits, millionths.'),
  min_deposit: field(u128, 'The least that a renter deposits, planck.'),
  commit_period: field(u64, 'How long votes are committed, ms.'),
  reveal_period: field(u64, 'How long votes are then revealed, ms.'),
  voters_part: field(Permill, 'The part of a slash that those share who decided, millionths.'),
  reopen_after: field(u64, 'How long after a decision the same lease can not be disputed again, ms.'),
  retention: field(u64, 'How long decided disputes stay readable, ms.'),
  due_per_block: field(u32, 'Tasks of the agenda that a block does at most.'),
});
export type Parameters = Infer<typeof Parameters>;
