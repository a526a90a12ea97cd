import { minOf } from '@hamster/frame';

import { permillOf } from '../../primitives/permill.ts';

/** What a provider locks for a lease: its rent, at most `maxHours` worth of it. */
export const collateralFor = (pricePerHour: bigint, hours: bigint, maxHours: number): bigint =>
  pricePerHour * minOf(hours, BigInt(maxHours));

export interface SlashShares {
  readonly renter: bigint;
  /** For each of those who decided. */
  readonly voter: bigint;
  readonly treasury: bigint;
}

/**
 * After a fault all of the collateral is gone. Where a jury found it, `part` of it goes to the jury in equal shares.
 * Of the rest the renter gets as much as it got back from escrow; the remainder is the treasury's.
 */
export const splitSlash = (
  collateral: bigint,
  refunded: bigint,
  jury: { readonly size: number; readonly part: number } = { size: 0, part: 0 },
): SlashShares => {
  const size = BigInt(jury.size);
  const voter = size > 0n ? permillOf(jury.part, collateral) / size : 0n;
  const rest = collateral - voter * size;
  const renter = minOf(rest, refunded);
  return { renter, voter, treasury: rest - renter };
};
