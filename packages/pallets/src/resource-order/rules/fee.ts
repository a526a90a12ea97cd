import { minOf } from '@hamster/frame';

import { permillOf } from '../../primitives/permill.ts';

export interface FeeRates {
  readonly fee_gateways: number;
  readonly fee_validators: number;
  readonly fee_treasury: number;
}

export interface FeeSplit {
  readonly gateways: bigint;
  readonly validators: bigint;
  readonly treasury: bigint;
  /** Sum of the three. */
  readonly fee: bigint;
  readonly provider: bigint;
}

/**
 * Divides gross rent of a lease that has paid `before` already. The fee is rounded down over the whole lease, not over
 * each payment, so it makes no difference how often rent is settled, and it is never more than the rent. Of the fee the
 * gateways and the validators get their parts, rounded likewise, as far as it goes; the treasury gets the remainder.
 */
export const splitFee = (before: bigint, rent: bigint, rates: FeeRates): FeeSplit => {
  const growth = (rate: number): bigint => permillOf(rate, before + rent) - permillOf(rate, before);
  const fee = growth(rates.fee_gateways + rates.fee_validators + rates.fee_treasury);
  const gateways = minOf(growth(rates.fee_gateways), fee);
  const validators = minOf(growth(rates.fee_validators), fee - gateways);
  return { gateways, validators, treasury: fee - gateways - validators, fee, provider: rent - fee };
};
