import { fixedBytes, type Infer, struct, type Type, u128, variant } from '@hamster/scale';

export const BalanceLock = struct('pallet_balances::types::BalanceLock', {
  id: fixedBytes(8),
  amount: u128,
  reasons: variant('pallet_balances::types::Reasons', { Fee: null, Misc: null, All: null }),
});

export const ReserveData = struct('pallet_balances::types::ReserveData', { id: fixedBytes(8), amount: u128 });

/** An amount under a reason. */
export const idAmount = <Id>(id: Type<Id>) =>
  struct(
    'frame_support::traits::tokens::misc::IdAmount',
    { id, amount: u128 },
    { params: { Id: id, Balance: u128 } },
  );

export type Hold = Infer<ReturnType<typeof idAmount<string>>>;
