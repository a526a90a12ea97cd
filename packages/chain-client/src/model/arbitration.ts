import type { Codec } from '@polkadot/types/types';
import { account, amount, arm, count, flag, hex, list, optional, payload, struct } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';

export type DisputeClaim = Read<typeof claim>;
export type Verdict = Read<typeof verdict>;

const claim = arm('Unreachable', 'SpecMismatch', 'Other');
const verdict = arm('ProviderAtFault', 'ClaimUnfounded', 'Inconclusive');
const status = arm('Open', 'Decided');
const decision = payload('Decided', struct({ verdict, at: count }));

const fields = struct({
  lease: count,
  renter: account,
  provider: account,
  claim,
  evidenceHash: hex,
  deposit: amount,
  openedAt: count,
  commitUntil: count,
  revealUntil: count,
  panel: list(account),
  committed: count,
  revealed: count,
  status,
});
const decided = struct({ status: decision });

/** A renter's complaint. Votes are committed until before `commitUntil`, revealed until before `revealUntil`; ms. */
export const disputeFields = (codec: Codec) => ({ ...fields(codec), decision: decided(codec).status });

export type Dispute = Read<typeof disputeFields> & { readonly id: number };

/** What a member of the panel has seen of the machine. */
export type Observed = Read<typeof observed>;
const observed = struct({ reachable: flag, cpuCores: count, memoryMib: count, diskGib: count });

/** A member's vote: `commitment` is 32 bytes in hex, `vote` is there once it was revealed. */
export type Ballot = Read<typeof ballotFields>;
export const ballotFields = struct({
  commitment: hex,
  vote: optional(struct({ verdict, observed })),
});

export type ArbitrationParameters = Read<typeof arbitrationParameters>;
export const arbitrationParameters = struct({
  depositPart: count,
  minDeposit: amount,
  commitPeriod: count,
  revealPeriod: count,
  votersPart: count,
  reopenAfter: count,
  retention: count,
});
