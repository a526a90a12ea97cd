import { type DispatchEventInfo, minOf, type Weight } from '@hamster/frame';
import type { TransactionPaymentConfig } from './config.ts';
import type { FeeDetails } from './types.ts';

/** What is paid for what. Pure: the same for an estimate and for the bill. */
export interface FeeSchedule {
  weightToFee(weight: Weight): bigint;
  lengthToFee(length: number): bigint;
  details(info: DispatchEventInfo, length: number): FeeDetails;
  /** Sum of the details, without tip. In planck. */
  total(info: DispatchEventInfo, length: number): bigint;
}

export const feeSchedule = (config: TransactionPaymentConfig): FeeSchedule => {
  const weightToFee = ({ ref_time }: Weight): bigint =>
    minOf(ref_time, config.maxBlock.ref_time) * config.feePerRefTime;
  const lengthToFee = (length: number): bigint => BigInt(length) * config.feePerByte;
  const baseFee = weightToFee(config.baseWeight);
  const details = (info: DispatchEventInfo, length: number): FeeDetails => {
    const tip = 0n;
    if (info.pays_fee.type === 'No') return { inclusion_fee: undefined, tip };
    return {
      inclusion_fee: {
        base_fee: baseFee,
        len_fee: lengthToFee(length),
        adjusted_weight_fee: weightToFee(info.weight),
      },
      tip,
    };
  };
  return {
    weightToFee,
    lengthToFee,
    details,
    total: (info, length) =>
      info.pays_fee.type === 'No' ? 0n : baseFee + lengthToFee(length) + weightToFee(info.weight),
  };
};
