import { pricePerHour } from '@hamster/chain-client/market';
import { parseHam } from '@hamster/ui/format';
import type { MachineSpec, Offer, Virtualization } from '../../chain/types.ts';

/** What somebody looks for. An empty text means "any". */
export interface Search {
  spec: MachineSpec;
  hours: number;
  image: string;
  region: string;
  virtualization: Virtualization | '';
  /** Highest price per billed hour in HAM, as typed. */
  maxPrice: string;
}

export const SORTS = ['price', 'record', 'capacity', 'availability'] as const;
export type Sort = (typeof SORTS)[number];

export interface FoundOffer {
  readonly offer: Offer;
  /** Planck per billed hour for the machine that was looked for. */
  readonly hourly: bigint;
}

export function emptySearch(): Search {
  return {
    spec: { cpuCores: 1, memoryMib: 1024, diskGib: 5 },
    hours: 1,
    image: '',
    region: '',
    virtualization: '',
    maxPrice: '',
  };
}

/** Offers that can give this machine for these hours from `now` on (chain's ms), each with its price for it. */
export function findOffers(
  offers: readonly Offer[],
  search: Search,
  { now, hour }: { now: number; hour: number },
): FoundOffer[] {
  const maxPrice = parseHam(search.maxPrice);
  return offers
    .filter((offer) => fits(offer, search, now + search.hours * hour))
    .map((offer) => ({ offer, hourly: pricePerHour(offer.prices, search.spec) }))
    .filter(({ hourly }) => maxPrice === undefined || hourly <= maxPrice);
}

function fits(offer: Offer, search: Search, until: number): boolean {
  const { free } = offer;
  return (
    free.cpuCores >= search.spec.cpuCores &&
    free.memoryMib >= search.spec.memoryMib &&
    free.diskGib >= search.spec.diskGib &&
    offer.availableUntil >= until &&
    (search.image === '' || offer.images.includes(search.image)) &&
    (search.region === '' || offer.region === search.region) &&
    (search.virtualization === '' || offer.virtualization === search.virtualization)
  );
}

const byPrice = (a: FoundOffer, b: FoundOffer): number =>
  a.hourly < b.hourly ? -1 : a.hourly > b.hourly ? 1 : a.offer.id - b.offer.id;

const COMPARE: Record<Sort, (a: FoundOffer, b: FoundOffer) => number> = {
  price: byPrice,
  record: (a, b) => faultRate(a) - faultRate(b) || served(b) - served(a) || byPrice(a, b),
  capacity: (a, b) => b.offer.free.cpuCores - a.offer.free.cpuCores || byPrice(a, b),
  availability: (a, b) => b.offer.availableUntil - a.offer.availableUntil || byPrice(a, b),
};

export function sortOffers(found: readonly FoundOffer[], sort: Sort): FoundOffer[] {
  return found.toSorted(COMPARE[sort]);
}

function served({ offer }: FoundOffer): number {
  return offer.statistics.leasesServed;
}

/** A provider that has served nothing yet stands between the good and the bad ones. */
function faultRate({ offer }: FoundOffer): number {
  const { leasesServed, faults } = offer.statistics;
  return (faults + 0.5) / (leasesServed + faults + 1);
}

/** How many of the conditions beyond the machine itself are set: shown on the phone's filter button. */
export function countConditions(search: Search): number {
  const texts = [search.image, search.region, search.virtualization, search.maxPrice];
  return texts.filter((text) => text.trim() !== '').length;
}
