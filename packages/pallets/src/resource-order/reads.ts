import { type AccountId, type Context, DispatchFailure } from '@hamster/frame';
import type { Result } from '@hamster/scale';

import { isRunning } from './access.ts';
import { clockOf, type ClockParts } from './lease/clock.ts';
import { type Quote, quoteFor, type QuoteParts, type QuoteRequest } from './order/quote.ts';
import { Leases, Orders, OrdersOfProvider, OrdersOfRenter, Parameters } from './storage.ts';
import type { Lease, Order } from './types.ts';

/** On which side of orders an account stands. */
export type Role = 'Renter' | 'Provider';

const INDEXES = { Renter: OrdersOfRenter, Provider: OrdersOfProvider };

/** Name of an error of this pallet. */
export interface QuoteRefusal {
  readonly type: string;
}

/** A sum that is no balance is a price that nobody can pay. */
const refusalOf = ({ fault }: DispatchFailure): QuoteRefusal => ({
  type: fault.type === 'Module' ? fault.name : 'PriceTooHigh',
});

const quote = (ctx: Context, parts: QuoteParts, request: QuoteRequest): Result<Quote, QuoteRefusal> => {
  try {
    return { ok: true, value: quoteFor(ctx, parts, request) };
  } catch (error) {
    if (error instanceof DispatchFailure) return { ok: false, error: refusalOf(error) };
    throw error;
  }
};

/** Whether the machine of a lease does not report as it should, or the agenda is about to end the lease for that. */
const isSilent = (ctx: Context, parts: ClockParts, id: bigint): boolean => {
  const lease = Leases.get(ctx, id);
  if (!lease || !isRunning(lease.status)) return false;
  const { standing } = clockOf(ctx, parts, lease);
  return lease.status.type === 'Suspended' || standing === 'Silent' || standing === 'Faulty';
};

/** Ids of an account's orders, which its leases share; in the order of the state's keys, behind `after`. */
function* idsOf(ctx: Context, role: Role, who: AccountId, after?: bigint): Iterable<bigint> {
  for (const [id] of INDEXES[role].entriesOf(ctx, who, after)) yield id;
}

/** What others may read of this pallet. */
export const resourceOrderReads = (parts: QuoteParts & ClockParts) => ({
  quote: (ctx: Context, request: QuoteRequest) => quote(ctx, parts, request),
  isSilent: (ctx: Context, id: bigint): boolean => isSilent(ctx, parts, id),
  idsOf,
  orderAt: (ctx: Context, id: bigint): Order | undefined => Orders.get(ctx, id),
  leaseAt: (ctx: Context, id: bigint): Lease | undefined => Leases.get(ctx, id),
  /** What a filter that names no size asks for. */
  smallestSpec: (ctx: Context) => {
    const { min_cpu_cores, min_memory_mib, min_disk_gib } = Parameters.get(ctx);
    return { cpu_cores: min_cpu_cores, memory_mib: min_memory_mib, disk_gib: min_disk_gib };
  },
});
