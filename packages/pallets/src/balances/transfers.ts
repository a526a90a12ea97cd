import { type AccountId, bytesEqual, type Context, ensure, tokenFailure } from '@hamster/frame';
import type { Ledger } from './ledger.ts';

export interface TransferOrder {
  readonly from: AccountId;
  readonly to: AccountId;
  readonly amount: bigint;
  readonly keepAlive: boolean;
}

/** To oneself it is checked and moves nothing. */
export const transfer = (
  ctx: Context,
  ledger: Ledger,
  { from, to, amount, keepAlive }: TransferOrder,
): void => {
  if (bytesEqual(from, to)) {
    ensure(ledger.read(ctx, from).free >= amount, () => tokenFailure('FundsUnavailable'));
    return;
  }
  ledger.take(ctx, from, amount, keepAlive);
  ledger.give(ctx, to, amount);
  ctx.deposit(ledger.events.Transfer({ from, to, amount }));
};
