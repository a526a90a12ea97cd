import { AccountId, blake2_128Concat, palletStorage } from '@hamster/frame';
import { type Type, u128, vec } from '@hamster/scale';
import { AccountData, EMPTY_ACCOUNT_DATA } from '../primitives/account-data.ts';
import { BalanceLock, idAmount, ReserveData } from './types.ts';

const { value, map } = palletStorage('Balances');
const key = blake2_128Concat(AccountId);

/** One entry for each reason: far above the number of reasons there are. */
export const MAX_HOLDS = 32;

export const TotalIssuance = value('TotalIssuance', {
  type: u128,
  default: 0n,
  docs: ['The total units issued in the system.'],
});

export const InactiveIssuance = value('InactiveIssuance', {
  type: u128,
  default: 0n,
  docs: ['The total units of outstanding deactivated balance in the system.'],
});

// Balances are in System.Account. This map, the locks and the reserves stay empty: wallets and indexers ask for them.
export const Account = map('Account', {
  key,
  type: AccountData,
  default: EMPTY_ACCOUNT_DATA,
  docs: ['The Balances pallet example of storing the balance of an account. Unused: see `System.Account`.'],
});

export const Locks = map('Locks', {
  key,
  type: vec(BalanceLock),
  default: [],
  docs: ['Any liquidity locks on some account balances.'],
});

export const Reserves = map('Reserves', {
  key,
  type: vec(ReserveData),
  default: [],
  docs: ['Named reserves on some account balances.'],
});

/** Money that is held, by account: its sum is the account's `reserved`. */
export const holdsOf = (reason: Type<string>) =>
  map('Holds', {
    key,
    type: vec(idAmount(reason), { max: MAX_HOLDS }),
    default: [],
    docs: ['Holds on account balances.'],
  });

export type Holds = ReturnType<typeof holdsOf>;

export const freezesOf = (reason: Type<string>) =>
  map('Freezes', {
    key,
    type: vec(idAmount(reason)),
    default: [],
    docs: ['Freeze locks on account balances.'],
  });
