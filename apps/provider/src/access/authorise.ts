import { withDeadline } from '@hamster/daemon';
import { PeerError, type Claim, type Denial } from '@hamster/p2p';
import type { LiveLease, MarketChain } from '../reconciler/work.ts';
import { sharedReads } from './shared-reads.ts';

/** The lease as the chain has it now, if this provider has to serve it. */
export type LiveLeases = (lease: bigint, signal: AbortSignal) => Promise<LiveLease | undefined>;

export interface Permitted {
  readonly ok: true;
  readonly lease: LiveLease;
}

/** Less than a renter waits: who gets no answer does not hear why. */
const ASK_MS = 6_000;
/** Of one read that many wait for. */
const READ_MS = 20_000;

/** By the provider's own node. A renter who is not let in because of that node reads so. */
export function liveLeasesOf(chain: Pick<MarketChain, 'work'>): LiveLeases {
  const work = sharedReads(() => chain.work(AbortSignal.timeout(READ_MS)));
  return async (lease, signal) => {
    try {
      const { live } = await withDeadline(work, ASK_MS, signal);
      return live.find(({ id }) => id === lease);
    } catch (cause) {
      if (signal.aborted || !isTransient(cause)) throw cause;
      const message = `The provider cannot reach the chain now, so it cannot tell whether lease ${lease} still runs; try again in a minute`;
      throw new PeerError('PROVIDER_FAILED', message, { cause });
    }
  };
}

const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || ('fault' in error && error.fault === 'transient'));

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
