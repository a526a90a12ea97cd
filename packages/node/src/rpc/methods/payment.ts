import { u32 } from '@hamster/scale';
import type { Backend } from '../../backend.ts';
import type { Hash } from '../../header.ts';
import { feeDetails, runtimeDispatchInfo } from '../fee-types.ts';
import { requireExtrinsic, requireState } from '../extrinsic-question.ts';
import { faultDebugText } from '../opaque-fault.ts';
import { runtimeError } from '../protocol/errors.ts';
import { method } from '../protocol/method.ts';
import { bytes, hash, optional } from '../protocol/params.ts';
import { runtimeFault } from '../runtime-calls.ts';

const PARAMS = [bytes('encodedXt'), optional(hash('at'))] as const;

const INFO = { api: 'TransactionPaymentApi_query_info', failed: 'Unable to query dispatch info.' };
const DETAILS = { api: 'TransactionPaymentApi_query_fee_details', failed: 'Unable to query fee details.' };

/** Legacy: clients of today call TransactionPaymentApi by state_call. */
export const payment_queryInfo = method(PARAMS, ({ backend }, extrinsic, at) => {
  const info = runtimeDispatchInfo.decode(query(backend, INFO, extrinsic, at));
  return {
    weight: { ref_time: Number(info.weight.ref_time), proof_size: Number(info.weight.proof_size) },
    class: info.class.type.toLowerCase(),
    partialFee: info.partial_fee.toString(),
  };
});

export const payment_queryFeeDetails = method(PARAMS, ({ backend }, extrinsic, at) => {
  const fee = feeDetails.decode(query(backend, DETAILS, extrinsic, at)).inclusion_fee;
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

function query(
  backend: Backend,
  { api, failed }: typeof INFO,
  given: Uint8Array,
  at: Hash | undefined,
): Uint8Array {
  const sentences = { failed, undecodable: failed, faultText: faultDebugText };
  const extrinsic = requireExtrinsic(backend, given, sentences);
  const { hash: block } = requireState(backend, at, failed);
  try {
    return backend.callRuntime(block, api, Buffer.concat([extrinsic, u32.encode(given.length)]));
  } catch (error) {
    throw runtimeError(failed, runtimeFault(error));
  }
}

const quantity = (amount: bigint): string => `0x${amount.toString(16)}`;
