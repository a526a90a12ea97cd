import { type AccountId, bytesEqual, type Context, type Weight, weightOf } from '@hamster/frame';
import type { Ledger } from './ledger.ts';

export interface TransferOrder {
  readonly from: AccountId;
  readonly to: AccountId;
  readonly amount: bigint;
  readonly keepAlive: boolean;
}

/** Two accounts, of which one may begin and the other end, among a million of which few have nodes of the trie in common. */
export const TRANSFER_WEIGHT: Weight = weightOf(20, 2);

/** To oneself it is checked and moves nothing; of nothing it succeeds, whoever it is to. */
export const transfer = (
  ctx: Context,
  ledger: Ledger,
  { from, to, amount, keepAlive }: TransferOrder,
): void => {
  if (bytesEqual(from, to)) {
    ledger.ensureCanTake(ctx, from, amount, keepAlive);
    return;
  }
  ledger.take(ctx, from, amount, keepAlive);
  ledger.give(ctx, to, amount);
  ctx.deposit(ledger.events.Transfer({ from, to, amount }));
};
