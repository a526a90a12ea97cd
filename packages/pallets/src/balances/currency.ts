import { type AccountId, type Context, type Currency, isolated, type Readable } from '@hamster/frame';
import { heldUnder, hold, release, transferHeld } from './holds.ts';
import type { Ledger } from './ledger.ts';
import { transfer } from './transfers.ts';

/** Money on its way: out of one account, not yet in another. Whoever has it must give it somewhere. */
export interface FeeCurrency {
  /** Whether `withdraw` would succeed. @throws DispatchFailure */
  ensureCanWithdraw(at: Readable, who: AccountId, amount: bigint): void;
  /** Keeps the account alive. @throws DispatchFailure */
  withdraw(ctx: Context, who: AccountId, amount: bigint): void;
  /** How much of it got there: all, or nothing where the account is too poor to live on it. */
  deposit(ctx: Context, who: AccountId, amount: bigint): bigint;
  /** As `deposit`, but to an account that lives: nothing gets to one that was reaped, which would begin anew with its first nonce. */
  refund(ctx: Context, who: AccountId, amount: bigint): bigint;
  /** Nobody has it any more. */
  burn(ctx: Context, amount: bigint): void;
}

/** Undoes itself when it fails half-way, so that a caller may go on after catching the failure. */
const whole = (ctx: Context, run: () => void): void => {
  const outcome = isolated(ctx, 'Balances', run);
  if (!outcome.ok) throw outcome.failure;
};

export const currencyOf = (ledger: Ledger): Currency<string> => ({
  existentialDeposit: ledger.existentialDeposit,
  spendable: (ctx, who) => ledger.spendable(ctx, who),
  held: (ctx, reason, who) => heldUnder(ctx, ledger, reason, who),
  transfer: (ctx, from, to, amount) =>
    whole(ctx, () => transfer(ctx, ledger, { from, to, amount, keepAlive: true })),
  holdAvailable: (ctx, who) => ledger.read(ctx, who).free >= ledger.existentialDeposit,
  hold: (ctx, reason, who, amount) => whole(ctx, () => hold(ctx, ledger, reason, who, amount)),
  release: (ctx, reason, who, amount) => whole(ctx, () => release(ctx, ledger, reason, who, amount)),
  transferHeld: (ctx, reason, from, to, amount) =>
    whole(ctx, () => transferHeld(ctx, ledger, { reason, from, to, amount })),
});

export const feeCurrencyOf = (ledger: Ledger): FeeCurrency => {
  const deposit: FeeCurrency['deposit'] = (ctx, who, amount) => {
    if (amount === 0n) return 0n;
    const given = isolated(ctx, 'Balances.deposit', () => ledger.give(ctx, who, amount));
    if (!given.ok) return 0n;
    ctx.deposit(ledger.events.Deposit({ who, amount }));
    return amount;
  };
  return {
    ensureCanWithdraw(at, who, amount) {
      ledger.ensureCanTake(at, who, amount, true);
    },
    withdraw(ctx, who, amount) {
      if (amount === 0n) return;
      ledger.take(ctx, who, amount, true);
      ctx.deposit(ledger.events.Withdraw({ who, amount }));
    },
    deposit,
    refund(ctx, who, amount) {
      const isAlive = amount !== 0n && ledger.read(ctx, who).free > 0n;
      return isAlive ? deposit(ctx, who, amount) : 0n;
    },
    burn: (ctx, amount) => ledger.destroy(ctx, amount),
  };
};
