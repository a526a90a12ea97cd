import { u32 } from '@hamster/scale';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { feeDetails, runtimeDispatchInfo } from '../fee-types.ts';
import { method } from '../protocol/method.ts';
import { bytes, hash, optional } from '../protocol/params.ts';
import { runtimeCall } from '../runtime-calls.ts';

const PARAMS = [bytes('extrinsic'), optional(hash('at'))] as const;

/** Legacy: clients of today call TransactionPaymentApi by state_call. */
export const payment_queryInfo = method(PARAMS, ({ backend }, extrinsic, at) => {
  const answer = query(backend, 'TransactionPaymentApi_query_info', extrinsic, at);
  const info = runtimeDispatchInfo.decode(answer);
  return {
    weight: { ref_time: Number(info.weight.ref_time), proof_size: Number(info.weight.proof_size) },
    class: info.class.type.toLowerCase(),
    partialFee: info.partial_fee.toString(),
  };
});

export const payment_queryFeeDetails = method(PARAMS, ({ backend }, extrinsic, at) => {
  const answer = query(backend, 'TransactionPaymentApi_query_fee_details', extrinsic, at);
  const fee = feeDetails.decode(answer).inclusion_fee;
  if (!fee) return { inclusionFee: null };
  const { base_fee: baseFee, len_fee: lenFee, adjusted_weight_fee: adjustedWeightFee } = fee;
  return {
    inclusionFee: {
      baseFee: quantity(baseFee),
      lenFee: quantity(lenFee),
      adjustedWeightFee: quantity(adjustedWeightFee),
    },
  };
});

function query(backend: Backend, api: string, extrinsic: Uint8Array, at: Hash | undefined): Uint8Array {
  const length = u32.encode(extrinsic.length);
  return runtimeCall(backend, at, api, Buffer.concat([extrinsic, length]));
}

const quantity = (amount: bigint): string => `0x${amount.toString(16)}`;
