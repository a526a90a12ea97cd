import type { ArbitrationParameters, Dispute } from '../model/arbitration.ts';
import type { Lease } from '../model/resource-order.ts';

const PERMILL = 1_000_000n;

/** What a panel is at: `counting` is the moment between the last vote and the block that decides. */
export type DisputePhase = 'voting' | 'showing' | 'counting' | 'decided';

/** What a dispute costs and brings, in planck. */
export interface DisputeOutlook {
  /** Held until the decision; lost only if the claim is found to be unfounded. */
  readonly deposit: bigint;
  /** Rent that comes back if the provider is at fault: what is not paid out yet. */
  readonly rent: bigint;
  /** The most that then comes from the provider's collateral; the part of the voters may make it less. */
  readonly compensation: bigint;
}

/** The part of all rent that was ever put into the lease, at least the minimum; planck, as the chain takes it. */
export function disputeDeposit(
  { escrow, paid, refunded }: Pick<Lease, 'escrow' | 'paid' | 'refunded'>,
  { depositPart, minDeposit }: Pick<ArbitrationParameters, 'depositPart' | 'minDeposit'>,
): bigint {
  const part = ((escrow + paid + refunded) * BigInt(depositPart)) / PERMILL;
  return part > minDeposit ? part : minDeposit;
}

/** As things stand: a heartbeat in the meantime lets the provider have the rent up to then. */
export function disputeOutlook(
  lease: Pick<Lease, 'escrow' | 'paid' | 'refunded' | 'collateral'>,
  rules: Pick<ArbitrationParameters, 'depositPart' | 'minDeposit'>,
): DisputeOutlook {
  const { escrow: rent, collateral } = lease;
  const compensation = collateral < rent ? collateral : rent;
  return { deposit: disputeDeposit(lease, rules), rent, compensation };
}

/** @param now the chain's time, ms. */
export function phaseOf(
  { status, commitUntil, revealUntil }: Pick<Dispute, 'status' | 'commitUntil' | 'revealUntil'>,
  now: number,
): DisputePhase {
  if (status === 'Decided') return 'decided';
  if (now < commitUntil) return 'voting';
  return now < revealUntil ? 'showing' : 'counting';
}
