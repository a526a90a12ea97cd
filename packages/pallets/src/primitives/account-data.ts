import { type Infer, newtype, struct, u128 } from '@hamster/scale';

/** The money of an account, inside of `System.Account`. Held money is `reserved`. In planck. */
export const AccountData = struct('pallet_balances::types::AccountData', {
  free: u128,
  reserved: u128,
  frozen: u128,
  flags: newtype('pallet_balances::types::ExtraFlags', u128),
});
export type AccountData = Infer<typeof AccountData>;

/** Set on accounts whose holds are counted in the way of today's pallets: all of them. */
const NEW_LOGIC = 1n << 127n;

export const EMPTY_ACCOUNT_DATA: AccountData = { free: 0n, reserved: 0n, frozen: 0n, flags: NEW_LOGIC };
