import { AccountId, defineEvents } from '@hamster/frame';
import { at, type Type, u128 } from '@hamster/scale';

const account = { account: AccountId };
const amount = { who: AccountId, amount: u128 };

/** Needs the runtime's hold reasons. */
export const eventsOf = (reason: Type<string>) =>
  defineEvents('Balances', {
    Endowed: at(0, { ...account, free_balance: u128 }, ['An account was created with some free balance.']),
    DustLost: at(1, { ...account, amount: u128 }, [
      'An account was removed whose balance was non-zero but below ExistentialDeposit, resulting in an outright loss.',
    ]),
    Transfer: at(2, { from: AccountId, to: AccountId, amount: u128 }, ['Transfer succeeded.']),
    BalanceSet: at(3, { who: AccountId, free: u128 }, ['A balance was set by root.']),
    Reserved: at(4, amount, ['Some balance was reserved (moved from free to reserved).']),
    Unreserved: at(5, amount, ['Some balance was unreserved (moved from reserved to free).']),
    Deposit: at(7, amount, ['Some amount was deposited (e.g. for transaction fees).']),
    Withdraw: at(8, amount, ['Some amount was withdrawn from the account (e.g. for transaction fees).']),
    Slashed: at(9, amount, ['Some amount was removed from the account (e.g. for misbehavior).']),
    Burned: at(11, amount, ['Some amount was burned from an account.']),
    Issued: at(15, { amount: u128 }, ['Total issuance was increased by `amount`.']),
    Rescinded: at(16, { amount: u128 }, ['Total issuance was decreased by `amount`.']),
    Held: at(22, { reason, ...amount }, ['Some balance was placed on hold.']),
    TransferOnHold: at(24, { reason, source: AccountId, dest: AccountId, amount: u128 }, [
      'A transfer of `amount` on hold from `source` to `dest` was initiated.',
    ]),
    Released: at(26, { reason, ...amount }, ['Some balance was released from hold.']),
  });

export type BalancesEvents = ReturnType<typeof eventsOf>;
