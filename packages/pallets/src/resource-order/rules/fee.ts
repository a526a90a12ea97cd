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
 * Divides gross rent of a lease that has paid `before` already. Fees are rounded down over the whole lease, not over
 * each payment, so it makes no difference how often rent is settled; the provider gets the remainder.
 */
export const splitFee = (before: bigint, rent: bigint, rates: FeeRates): FeeSplit => {
  const feeOf = (rate: number): bigint => permillOf(rate, before + rent) - permillOf(rate, before);
  const gateways = feeOf(rates.fee_gateways);
  const validators = feeOf(rates.fee_validators);
  const treasury = feeOf(rates.fee_treasury);
  const fee = gateways + validators + treasury;
  return { gateways, validators, treasury, fee, provider: rent - fee };
};
