import type { MachineSpec, Virtualization } from '../model/primitives.ts';
import type { ProviderParameters, Resource, StakeLedger } from '../model/provider.ts';
import { minListingStake, pricePerHour } from './price.ts';

/** A resource that takes orders, with what is free of it. */
export type Offer = Resource & { readonly free: MachineSpec };

/** What a renter looks for; what is left out does not matter. */
export interface OfferFilter {
  readonly cpuCores?: number | undefined;
  readonly memoryMib?: number | undefined;
  readonly diskGib?: number | undefined;
  readonly image?: string | undefined;
  readonly region?: string | undefined;
  readonly virtualization?: Virtualization | undefined;
  /** Planck per hour of the slice asked for (one core, one GiB of memory and one of disk where not asked). */
  readonly maxPricePerHour?: bigint | undefined;
  /** The offer must last this long from now on, ms. */
  readonly durationMs?: number | undefined;
}

/** Why a machine does not fit, in a person's words. */
export type Mismatch = string;

/** Why a resource takes no orders from anyone, or undefined when it does. The rule is the chain's. */
export function hiddenBecause(
  resource: Resource,
  stake: StakeLedger,
  parameters: ProviderParameters,
  now: number,
): Mismatch | undefined {
  if (resource.status !== 'Online') return `is ${resource.status.toLowerCase()}`;
  if (now >= resource.availableUntil) return 'is no longer available';
  if (stake.active < minListingStake(resource.capacity, parameters))
    return 'has a provider with too little stake';
  const free = freeOf(resource);
  return free.cpuCores === 0 || free.memoryMib === 0 || free.diskGib === 0 ? 'is fully leased' : undefined;
}

/** What can still be rented of a resource. */
export function freeOf({ capacity, allocated }: Pick<Resource, 'capacity' | 'allocated'>): MachineSpec {
  return {
    cpuCores: capacity.cpuCores - allocated.cpuCores,
    memoryMib: capacity.memoryMib - allocated.memoryMib,
    diskGib: capacity.diskGib - allocated.diskGib,
  };
}

/** The slice that a filter asks for, for its price. */
export function wantedSpec(filter: OfferFilter): MachineSpec {
  return {
    cpuCores: filter.cpuCores ?? 1,
    memoryMib: filter.memoryMib ?? 1024,
    diskGib: filter.diskGib ?? 1,
  };
}

/** Every reason why an offer does not fit the filter; none when it does. */
export function mismatches(offer: Offer, filter: OfferFilter, now: number): Mismatch[] {
  const { free } = offer;
  const spec = wantedSpec(filter);
  const checks: [boolean, Mismatch][] = [
    [spec.cpuCores > free.cpuCores, `has ${free.cpuCores} ${free.cpuCores === 1 ? 'core' : 'cores'} free`],
    [spec.memoryMib > free.memoryMib, `has ${free.memoryMib} MiB of memory free`],
    [spec.diskGib > free.diskGib, `has ${free.diskGib} GiB of disk free`],
    [differs(filter.region, offer.region), `is in ${offer.region || 'no region'}`],
    [differs(filter.virtualization, offer.virtualization), `is of kind ${offer.virtualization}`],
    [
      filter.image !== undefined && !offer.images.includes(filter.image),
      `offers ${offer.images.join(', ')} only`,
    ],
    [now + (filter.durationMs ?? 0) > offer.availableUntil, 'is not available for so long'],
    [tooExpensive(offer, filter), 'costs more'],
  ];
  return checks.filter(([wrong]) => wrong).map(([, reason]) => reason);
}

function differs(wanted: string | undefined, actual: string): boolean {
  return wanted !== undefined && wanted.toLowerCase() !== actual.toLowerCase();
}

function tooExpensive(offer: Offer, filter: OfferFilter): boolean {
  return (
    filter.maxPricePerHour !== undefined &&
    pricePerHour(offer.prices, wantedSpec(filter)) > filter.maxPricePerHour
  );
}
