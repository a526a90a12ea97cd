import { bytesEqual, type Context } from '@hamster/frame';
import type { MachineSpec, provider } from '@hamster/pallets';
import type { Infer } from '@hamster/scale';
import type { PalletReads } from '../../pallets.ts';
import { type Look, type Page, pageOf } from '../paging.ts';
import type { Offer, OfferFilter } from './types.ts';

type Resource = Infer<typeof provider.Resource>;

/** A filter, read once: a slice, a time, and conditions. */
interface Wanted {
  readonly filter: OfferFilter;
  readonly spec: Infer<typeof MachineSpec>;
  readonly hours: number;
}

const wantedBy = (ctx: Context, { orders }: PalletReads, filter: OfferFilter): Wanted => {
  const smallest = orders.smallestSpec(ctx);
  return {
    filter,
    spec: {
      cpu_cores: filter.cpu_cores ?? smallest.cpu_cores,
      memory_mib: filter.memory_mib ?? smallest.memory_mib,
      disk_gib: filter.disk_gib ?? smallest.disk_gib,
    },
    hours: filter.hours ?? 1,
  };
};

/** The cheap part: what the machine says of itself. */
const isOfKind = (resource: Resource, { image, region, virtualization }: OfferFilter): boolean =>
  resource.status.type === 'Online' &&
  (region === undefined || bytesEqual(resource.region, region)) &&
  (virtualization === undefined || resource.virtualization.type === virtualization.type) &&
  (image === undefined || resource.images.some((offered) => bytesEqual(offered, image)));

/** A machine with a lease that does not report is no offer: it may be dead. */
const isFresh = (ctx: Context, { orders }: PalletReads, leases: readonly bigint[]): boolean =>
  !leases.some((lease) => orders.isSilent(ctx, lease));

const offerOf = (
  ctx: Context,
  reads: PalletReads,
  id: bigint,
  { machine, wanted }: { readonly machine: Resource; readonly wanted: Wanted },
): Look<Offer> => {
  const { spec, hours, filter } = wanted;
  // Anybody may register machines without stake: passing over them must cost little.
  if (!reads.provider.isOffered(ctx, machine)) return { item: undefined, steps: 2 };
  const quoted = reads.orders.quote(ctx, { resource: id, spec, hours });
  const max = filter.max_price_per_hour;
  if (!quoted.ok || (max !== undefined && quoted.value.price_per_hour > max)) {
    return { item: undefined, steps: 2 };
  }
  const leases = machine.live_leases > 0 ? [...reads.provider.slicesOf(ctx, id)] : [];
  const item = { resource: id, machine, free: reads.provider.freeOf(machine), quote: quoted.value };
  return { item: isFresh(ctx, reads, leases) ? item : undefined, steps: 2 + leases.length };
};

function* idsBehind(after: bigint, last: bigint): Iterable<bigint> {
  for (let id = after + 1n; id <= last; id += 1n) yield id;
}

/** Machines that may be shown, by id: those that would take an order for the slice from anybody but their owner. */
export const offers = (
  ctx: Context,
  reads: PalletReads,
  filter: OfferFilter,
  { after, limit }: { readonly after: bigint | undefined; readonly limit: number },
): Page<Offer> => {
  const wanted = wantedBy(ctx, reads, filter);
  const ids = idsBehind(after ?? 0n, reads.provider.lastResourceId(ctx));
  return pageOf(ids, limit, (id) => {
    const machine = reads.provider.resourceAt(ctx, id);
    if (!machine || !isOfKind(machine, filter)) return { item: undefined, steps: 1 };
    return offerOf(ctx, reads, id, { machine, wanted });
  });
};
