import { compact, option, struct, u128, u64, variant } from '@hamster/scale';

/** Results of TransactionPaymentApi, as every Substrate runtime encodes them. */
const weight = struct('sp_weights::weight_v2::Weight', { ref_time: compact(u64), proof_size: compact(u64) });

const dispatchClass = variant('frame_support::dispatch::DispatchClass', {
  Normal: null,
  Operational: null,
  Mandatory: null,
});

export const runtimeDispatchInfo = struct('pallet_transaction_payment::types::RuntimeDispatchInfo', {
  weight,
  class: dispatchClass,
  partial_fee: u128,
});

const inclusionFee = struct('pallet_transaction_payment::types::InclusionFee', {
  base_fee: u128,
  len_fee: u128,
  adjusted_weight_fee: u128,
});

export const feeDetails = struct('pallet_transaction_payment::types::FeeDetails', {
  inclusion_fee: option(inclusionFee),
  tip: u128,
});
