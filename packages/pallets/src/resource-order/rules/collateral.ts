import { minOf } from '@hamster/frame';

/** What a provider locks for a lease: its rent, at most `maxHours` worth of it. */
export const collateralFor = (pricePerHour: bigint, hours: bigint, maxHours: number): bigint =>
  pricePerHour * minOf(hours, BigInt(maxHours));

export interface SlashShares {
  readonly renter: bigint;
  readonly treasury: bigint;
}

/** After a fault the renter gets as much of the collateral as it got back from escrow; the remainder is the treasury's. */
export const splitSlash = (collateral: bigint, refunded: bigint): SlashShares => {
  const renter = minOf(collateral, refunded);
  return { renter, treasury: collateral - renter };
};
