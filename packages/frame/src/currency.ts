import type { Context } from './context.ts';
import type { AccountId } from './types/account.ts';

/**
 * Money as the other pallets see it; they get it through their config. Amounts in planck.
 * Held money stays on its owner's account, shown as `reserved`, under a reason; the total issuance never changes here.
 * Everything throws a `DispatchFailure` where the account can't do it, and then has changed nothing.
 */
export interface Currency<Reason extends string> {
  readonly existentialDeposit: bigint;
  /** What the account could hold or transfer now and stay alive. */
  spendable(ctx: Context, who: AccountId): bigint;
  transfer(ctx: Context, from: AccountId, to: AccountId, amount: bigint): void;
  held(ctx: Context, reason: Reason, who: AccountId): bigint;
  /** Whether anything can be held on the account: it lives. */
  holdAvailable(ctx: Context, who: AccountId): boolean;
  /** The account keeps the existential deposit free. */
  hold(ctx: Context, reason: Reason, who: AccountId, amount: bigint): void;
  release(ctx: Context, reason: Reason, who: AccountId, amount: bigint): void;
  /** From held money of one account to free money of another (or of the same one). Pays rent, refunds, slashes. */
  transferHeld(ctx: Context, reason: Reason, from: AccountId, to: AccountId, amount: bigint): void;
}
