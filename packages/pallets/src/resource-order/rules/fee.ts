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

/** Divides gross rent; fees are rounded down, so the provider gets the remainder. */
export const splitFee = (rent: bigint, rates: FeeRates): FeeSplit => {
  const gateways = permillOf(rates.fee_gateways, rent);
  const validators = permillOf(rates.fee_validators, rent);
  const treasury = permillOf(rates.fee_treasury, rent);
  const fee = gateways + validators + treasury;
  return { gateways, validators, treasury, fee, provider: rent - fee };
};
