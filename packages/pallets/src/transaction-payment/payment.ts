import type { AccountId, Context, Readable } from '@hamster/frame';
import type { TransactionPaymentConfig } from './config.ts';
import { events } from './events.ts';

/** Money taken before a dispatch; `settle` has to follow. */
export interface Prepayment {
  readonly who: AccountId;
  readonly paid: bigint;
  readonly tip: bigint;
}

/** What a transaction costs at most. */
export interface Bill {
  readonly who: AccountId;
  readonly fee: bigint;
  readonly tip: bigint;
}

/** Whether `prepay` would succeed. @throws DispatchFailure when the account can't pay and live on */
export const ensureCanPrepay = (
  at: Readable,
  { currency }: TransactionPaymentConfig,
  { who, fee, tip }: Bill,
): void => currency.ensureCanWithdraw(at, who, fee + tip);

/** Takes the highest possible fee and the tip. @throws DispatchFailure when the account can't pay and live on */
export const prepay = (
  ctx: Context,
  { currency }: TransactionPaymentConfig,
  { who, fee, tip }: Bill,
): Prepayment => {
  currency.withdraw(ctx, who, fee + tip);
  return { who, paid: fee + tip, tip };
};

/**
 * Gives back what the dispatch didn't cost, and the rest to the treasury. An account that the call has reaped gets nothing
 * back: the treasury has that too.
 */
export const settle = (
  ctx: Context,
  { currency, treasury }: TransactionPaymentConfig,
  { who, paid, tip }: Prepayment,
  actualFee: bigint,
): void => {
  const total = actualFee + tip;
  const rest = paid - currency.refund(ctx, who, paid - total);
  currency.burn(ctx, rest - currency.deposit(ctx, treasury, rest));
  ctx.deposit(events.TransactionFeePaid({ who, actual_fee: total, tip }));
};
