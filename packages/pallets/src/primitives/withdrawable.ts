import type { AccountId, Context } from '@hamster/frame';
import { minOf } from '@hamster/frame';

/** Money of an account that waits to be taken, in planck. */
export interface Withdrawable {
  /** What the pallet's call would pay out in the next block. */
  readonly available: bigint;
  /** What comes later: it unbonds still, or secures leases. */
  readonly pending: bigint;
  /** When the next part has unbonded, ms; undefined where nothing does. */
  readonly next_at: bigint | undefined;
}

/** How a pallet tells what an account may take from it. Undefined where there is nothing. */
export type WithdrawableRead = (ctx: Context, who: AccountId) => Withdrawable | undefined;

/** Stake on its way back to its owner. */
export interface Unbonding {
  readonly amount: bigint;
  /** ms. */
  readonly unlock_at: bigint;
}

/** The first moment behind `now` at which something has unbonded. */
export const nextUnlock = (chunks: readonly Unbonding[], now: bigint): bigint | undefined =>
  chunks
    .map((chunk) => chunk.unlock_at)
    .filter((moment) => moment > now)
    .reduce<bigint | undefined>(
      (first, moment) => (first === undefined ? moment : minOf(first, moment)),
      undefined,
    );
