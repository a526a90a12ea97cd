import { DispatchClass, Weight } from '@hamster/frame';
import { type Infer, newtype, option, struct, u128, variant } from '@hamster/scale';

export const FixedU128 = newtype('sp_arithmetic::fixed_point::FixedU128', u128);

export const Releases = variant('pallet_transaction_payment::Releases', { V1Ancient: null, V2: null });

export const RuntimeDispatchInfo = struct('pallet_transaction_payment::types::RuntimeDispatchInfo', {
  weight: Weight,
  class: DispatchClass,
  partial_fee: u128,
});
export type RuntimeDispatchInfo = Infer<typeof RuntimeDispatchInfo>;

const InclusionFee = struct('pallet_transaction_payment::types::InclusionFee', {
  base_fee: u128,
  len_fee: u128,
  adjusted_weight_fee: u128,
});

/** `tip` is always nothing where somebody asks, as in Substrate: it is for the bill. */
export const FeeDetails = struct('pallet_transaction_payment::types::FeeDetails', {
  inclusion_fee: option(InclusionFee),
  tip: u128,
});
export type FeeDetails = Infer<typeof FeeDetails>;
