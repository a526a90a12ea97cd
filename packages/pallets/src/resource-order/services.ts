import type { AccountId, Context } from '@hamster/frame';

import type { ResourceOrderConfig } from './config.ts';
import { closeLease, type Jury } from './lease/close.ts';
import { beginDispute, disputedLease, isDisputable, reinstate } from './lease/dispute.ts';
import { Leases } from './storage.ts';

/** What somebody who decides disputes has to know of a lease. */
export interface LeaseFacts {
  readonly renter: AccountId;
  readonly provider: AccountId;
  /** All rent that was ever put in, planck. */
  readonly rent: bigint;
  /** It runs, and no dispute about it is open. */
  readonly isDisputable: boolean;
}

/** What this pallet does for whoever decides disputes; the runtime plugs it in there. */
export const disputeServices = (config: ResourceOrderConfig) => ({
  factsOf(ctx: Context, id: bigint): LeaseFacts | undefined {
    const lease = Leases.get(ctx, id);
    if (!lease) return undefined;
    const { renter, provider, escrow, paid, refunded } = lease;
    const rent = escrow + paid + refunded;
    return { renter, provider, rent, isDisputable: isDisputable(ctx, config, lease) };
  },

  /** The lease stands still. @throws DispatchFailure */
  begin: (ctx: Context, id: bigint): void => beginDispute(ctx, config, id),

  /** It goes on, and ends later by the time lost. @throws DispatchFailure */
  reinstate: (ctx: Context, id: bigint): void => reinstate(ctx, config, id),

  /** It ends as after a fault; of the collateral the voters get their part. @throws DispatchFailure */
  convict(ctx: Context, id: bigint, jury: Jury): void {
    closeLease(ctx, config, id, disputedLease(ctx, id), 'ProviderAtFault', jury);
  },

  /** Leases that stand still now. Unbounded: for invariants. */
  *disputed(ctx: Context): Iterable<bigint> {
    for (const [id, { status }] of Leases.entries(ctx)) if (status.type === 'Disputed') yield id;
  },
});
