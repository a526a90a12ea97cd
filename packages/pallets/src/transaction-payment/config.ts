import type { AccountId, Context, Readable, Weight } from '@hamster/frame';

export interface TransactionPaymentConfig {
  readonly currency: {
    /** Whether `withdraw` would succeed. @throws DispatchFailure */
    ensureCanWithdraw(at: Readable, who: AccountId, amount: bigint): void;
    /** Keeps the account alive. @throws DispatchFailure */
    withdraw(ctx: Context, who: AccountId, amount: bigint): void;
    /** How much of it the account could take: all or nothing. */
    deposit(ctx: Context, who: AccountId, amount: bigint): bigint;
    /** The same, but nothing to an account that does not live any more. */
    refund(ctx: Context, who: AccountId, amount: bigint): bigint;
    burn(ctx: Context, amount: bigint): void;
  };
  /** Gets fees and tips. */
  readonly treasury: AccountId;
  /** Of any extrinsic, before its call. */
  readonly baseWeight: Weight;
  /** Nothing costs more than a whole block. */
  readonly maxBlock: Weight;
  /** Planck for a picosecond of `ref_time`. */
  readonly feePerRefTime: bigint;
  /** Planck for a byte of the extrinsic. */
  readonly feePerByte: bigint;
}
