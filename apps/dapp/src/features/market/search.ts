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

/** How many of the conditions beyond the machine itself are set: shown on the phone's filter button. */
export function countConditions(search: Search): number {
  const texts = [search.image, search.region, search.virtualization, search.maxPrice];
  return texts.filter((text) => text.trim() !== '').length;
}
