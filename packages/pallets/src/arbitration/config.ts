import type { AccountId, Context, Currency } from '@hamster/frame';

import type { Span } from '../primitives/silence.ts';

export type ArbitrationHoldReason = 'DisputeDeposit';

/** What a dispute is about. */
export interface LeaseFacts {
  readonly renter: AccountId;
  readonly provider: AccountId;
  /** All rent that was ever put in, planck. */
  readonly rent: bigint;
  readonly isDisputable: boolean;
}

/** Leases, as far as disputing them is concerned. All but `factsOf` and `disputed` throw where it can't be done. */
export interface Leases {
  factsOf(ctx: Context, lease: bigint): LeaseFacts | undefined;
  /** The lease stands still. */
  begin(ctx: Context, lease: bigint): void;
  /** It goes on, and ends later by the time lost. */
  reinstate(ctx: Context, lease: bigint): void;
  /** It ends as after a fault; the voters share `part` (permill) of the slash. */
  convict(
    ctx: Context,
    lease: bigint,
    jury: { readonly voters: readonly AccountId[]; readonly part: number },
  ): void;
  /** Leases that stand still now. For invariants. */
  disputed(ctx: Context): Iterable<bigint>;
}

/** Who decides. */
export interface Panel {
  /** At most `MAX_PANEL`. */
  members(ctx: Context): readonly AccountId[];
  /** Counts for a member whether it has voted. Must not fail. */
  recordVote(ctx: Context, who: AccountId, hasVoted: boolean): void;
}

/** What this pallet needs of the runtime. */
export interface ArbitrationConfig {
  readonly currency: Currency<ArbitrationHoldReason>;
  readonly leases: Leases;
  readonly panel: Panel;
  /** Times without a block: nobody could vote in them. */
  readonly standstills: (ctx: Context) => readonly Span[];
  /** Gets what can't be paid to anybody. The account must exist. */
  readonly treasury: AccountId;
}
