import type { Claim, Denial } from '@hamster/p2p';
import type { LiveLease } from '../reconciler/work.ts';

/** The lease as the chain has it now, if this provider has to serve it. */
export type LiveLeases = (lease: bigint, signal: AbortSignal) => Promise<LiveLease | undefined>;

export interface Permitted {
  readonly ok: true;
  readonly lease: LiveLease;
}

/** Lets the renter of a live lease pass, and nobody else. */
export async function authorise(
  liveLease: LiveLeases,
  claim: Pick<Claim, 'lease' | 'account'>,
  signal: AbortSignal,
): Promise<Permitted | Denial> {
  const lease = await liveLease(claim.lease, signal);
  if (lease === undefined) {
    const message = `Lease ${claim.lease} is not running here: it has ended or belongs elsewhere`;
    return { ok: false, code: 'LEASE_NOT_FOUND', message };
  }
  if (lease.renter !== claim.account) {
    const message = `Lease ${claim.lease} is rented by another account than ${claim.account}`;
    return { ok: false, code: 'NOT_RENTER', message };
  }
  return { ok: true, lease };
}
