import { type AccountId, type Context, ensure } from '@hamster/frame';

import { together, without } from '../primitives/capacity.ts';
import { fits, type MachineSpec, type Prices } from '../primitives/machine.ts';
import { resourceAt } from './access.ts';
import { errors } from './errors.ts';
import { events } from './events.ts';
import { minListingStake } from './rules/listing.ts';
import { countOutcome, isFaultOutcome, isLeaseOutcome, type Outcome } from './rules/outcome.ts';
import { Parameters, Resources, SliceCounts, Slices, Stakes } from './storage.ts';
import { MAX_SLICES, type Maintenance, type Resource } from './types.ts';

/** What the renting side has to know of a machine. */
export interface Offer {
  readonly owner: AccountId;
  readonly prices: Prices;
  readonly images: readonly Uint8Array[];
  readonly available_until: bigint;
  readonly maintenance: Maintenance | undefined;
  /** Online and not past its time: running leases may be made longer. */
  readonly isOpen: boolean;
  /** Open, and with enough active stake: new orders are taken. */
  readonly isOffered: boolean;
}

const isOpen = (ctx: Context, resource: Resource): boolean =>
  resource.status.type === 'Online' && ctx.now < resource.available_until;

const hasListingStake = (ctx: Context, { owner, capacity }: Resource): boolean =>
  Stakes.get(ctx, owner).active >= minListingStake(capacity, Parameters.get(ctx));

/** Whether the machine takes new orders, of somebody. */
export const isOffered = (ctx: Context, resource: Resource): boolean =>
  isOpen(ctx, resource) && hasListingStake(ctx, resource);

export const offerOf = (ctx: Context, id: bigint): Offer | undefined => {
  const resource = Resources.get(ctx, id);
  if (!resource) return undefined;
  return { ...resource, isOpen: isOpen(ctx, resource), isOffered: isOffered(ctx, resource) };
};

/** Whether another slice of this size can be cut from the machine now. */
export const hasRoom = (ctx: Context, id: bigint, spec: MachineSpec): boolean => {
  const resource = Resources.get(ctx, id);
  if (!resource) return false;
  const { cpu_cores, memory_mib, disk_gib } = resource.allocated;
  const free = without(resource.capacity, { cpu_cores, memory_mib, disk_gib });
  return fits(spec, free) && SliceCounts.get(ctx, id) < MAX_SLICES;
};

export interface SliceRequest {
  readonly order: bigint;
  readonly spec: MachineSpec;
  /** The latest moment at which the slice will be given back. */
  readonly until: bigint;
}

/** Takes a slice for an order. @throws DispatchFailure ResourceNotFound or InsufficientCapacity */
export const takeSlice = (ctx: Context, id: bigint, { order, spec, until }: SliceRequest): void => {
  const resource = resourceAt(ctx, id);
  ensure(hasRoom(ctx, id, spec), errors.InsufficientCapacity);
  Resources.put(ctx, id, { ...resource, allocated: together(resource.allocated, spec) });
  Slices.put(ctx, id, order, { spec, until });
  SliceCounts.update(ctx, id, (count) => count + 1);
};

/** The order became a lease, which ends at `until`. */
export const beginLease = (ctx: Context, id: bigint, order: bigint, until: bigint): void => {
  const resource = resourceAt(ctx, id);
  Resources.put(ctx, id, { ...resource, live_leases: resource.live_leases + 1 });
  prolongSlice(ctx, id, order, until);
};

/** The latest moment at which a slice will be given back. */
export const sliceUntil = (ctx: Context, id: bigint, order: bigint): bigint | undefined =>
  Slices.get(ctx, id, order)?.until;

/** The slice is needed until another moment. */
export const prolongSlice = (ctx: Context, id: bigint, order: bigint, until: bigint): void => {
  const slice = Slices.get(ctx, id, order);
  if (slice) Slices.put(ctx, id, order, { ...slice, until });
};

/**
 * Gives a slice back, and remembers how it went. A machine that failed goes offline. Does nothing for a slice that
 * isn't there: an end is an end, however often it is said.
 */
export const returnSlice = (ctx: Context, id: bigint, order: bigint, outcome: Outcome): void => {
  const slice = Slices.get(ctx, id, order);
  const resource = Resources.get(ctx, id);
  if (!slice || !resource) return;
  const isFault = isFaultOutcome(outcome);
  Slices.remove(ctx, id, order);
  SliceCounts.update(ctx, id, (count) => count - 1);
  Resources.put(ctx, id, {
    ...resource,
    allocated: without(resource.allocated, slice.spec),
    live_leases: resource.live_leases - (isLeaseOutcome(outcome) ? 1 : 0),
    statistics: countOutcome(resource.statistics, outcome, ctx.now),
    status: isFault ? { type: 'Offline' } : resource.status,
  });
  if (isFault && resource.status.type !== 'Offline') {
    ctx.deposit(events.ResourceStatusChanged({ resource: id, status: { type: 'Offline' } }));
  }
};
