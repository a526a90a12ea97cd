import type { AccountId, Context, Readable } from '@hamster/frame';
import type { Type } from '@hamster/scale';
import type { AccountData } from '../primitives/account-data.ts';

/** Where the money of an account is kept: in `System.Account`. */
export interface AccountStore {
  read(at: Readable, who: AccountId): AccountData;
  /** An account that nothing provides for is reaped. */
  write(
    ctx: Context,
    who: AccountId,
    state: { readonly data: AccountData; readonly provides: boolean; readonly consumes: boolean },
  ): void;
  /** All accounts. Unbounded: for invariants. */
  entries(at: Readable): Iterable<readonly [AccountId, AccountData]>;
}

export interface BalancesConfig {
  readonly accounts: AccountStore;
  /** In planck: an account with less is reaped. */
  readonly existentialDeposit: bigint;
  /** Live on whatever root does: money goes to them that is too little to begin an account with. */
  readonly immortal?: readonly AccountId[];
  /** The names under which money is held, over all pallets. */
  readonly holdReason: Type<string>;
}
