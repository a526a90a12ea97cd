import {
  type AccountId,
  bytesEqual,
  checkedAdd,
  type Context,
  ensure,
  maxOf,
  type Readable,
  tokenFailure,
} from '@hamster/frame';
import type { AccountData } from '../primitives/account-data.ts';
import type { BalancesConfig } from './config.ts';
import { type BalancesEvents, eventsOf } from './events.ts';
import { type Holds, holdsOf, TotalIssuance } from './storage.ts';

const fundsUnavailable = () => tokenFailure('FundsUnavailable');
const belowMinimum = () => tokenFailure('BelowMinimum');
const notExpendable = () => tokenFailure('NotExpendable');
const frozen = () => tokenFailure('Frozen');

/** Free balances, account by account. Every change of an account goes through `write`. */
export interface Ledger {
  readonly existentialDeposit: bigint;
  readonly events: BalancesEvents;
  readonly holds: Holds;
  read(at: Readable, who: AccountId): AccountData;
  /** `before` is what the account has now. */
  write(ctx: Context, who: AccountId, data: AccountData, before: AccountData): void;
  /** Free money that can leave while the account lives on. */
  spendable(at: Readable, who: AccountId): bigint;
  /** @throws DispatchFailure Token: NotExpendable for an account that has to live on, whoever says otherwise */
  ensureMayDie(who: AccountId): void;
  /**
   * Whether so much may be taken; gives what the account has. Nothing may be taken of anybody.
   * @throws DispatchFailure Token: FundsUnavailable, Frozen where holds need the deposit, NotExpendable
   */
  ensureCanTake(at: Readable, who: AccountId, amount: bigint, keepAlive: boolean): AccountData;
  /** Takes free money. What is left under the existential deposit dies with the account, unless it has to stay alive. */
  take(ctx: Context, who: AccountId, amount: bigint, keepAlive: boolean): void;
  /** What has been taken of an account belongs to nobody any more: less is issued. */
  destroy(ctx: Context, amount: bigint): void;
  /** Gives free money; enough to live on, or the account has to be alive. */
  give(ctx: Context, who: AccountId, amount: bigint): void;
}

export const ledgerOf = ({
  accounts,
  existentialDeposit,
  immortal = [],
  holdReason,
}: BalancesConfig): Ledger => {
  const events = eventsOf(holdReason);
  const isAlive = (data: AccountData): boolean => data.free >= existentialDeposit;
  const read = (at: Readable, who: AccountId): AccountData => accounts.read(at, who);

  const destroy = (ctx: Context, amount: bigint): void => {
    TotalIssuance.update(ctx, (total) => total - amount);
  };

  const loseDust = (ctx: Context, who: AccountId, amount: bigint): void => {
    if (amount === 0n) return;
    destroy(ctx, amount);
    ctx.deposit(events.DustLost({ account: who, amount }));
  };

  const write: Ledger['write'] = (ctx, who, data, before) => {
    const provides = isAlive(data);
    accounts.write(ctx, who, { data, provides, consumes: data.reserved > 0n });
    if (!provides) loseDust(ctx, who, data.free);
    else if (!isAlive(before)) ctx.deposit(events.Endowed({ account: who, free_balance: data.free }));
  };

  const ensureMayDie = (who: AccountId): void =>
    ensure(!immortal.some((pot) => bytesEqual(pot, who)), notExpendable);

  const ensureCanTake: Ledger['ensureCanTake'] = (at, who, amount, keepAlive) => {
    const data = read(at, who);
    if (amount === 0n) return data;
    ensure(data.free >= amount, fundsUnavailable);
    if (data.free - amount >= existentialDeposit) return data;
    ensure(data.reserved === 0n, frozen);
    ensure(!keepAlive, notExpendable);
    ensureMayDie(who);
    return data;
  };

  return {
    existentialDeposit,
    events,
    holds: holdsOf(holdReason),
    read,
    write,
    spendable: (at, who) => maxOf(read(at, who).free - existentialDeposit, 0n),
    ensureMayDie,
    ensureCanTake,
    destroy,
    take(ctx, who, amount, keepAlive) {
      const data = ensureCanTake(ctx, who, amount, keepAlive);
      if (amount !== 0n) write(ctx, who, { ...data, free: data.free - amount }, data);
    },
    give(ctx, who, amount) {
      if (amount === 0n) return;
      const data = read(ctx, who);
      const free = checkedAdd(data.free, amount);
      ensure(free >= existentialDeposit, belowMinimum);
      write(ctx, who, { ...data, free }, data);
    },
  };
};
