import type { MachineSpec } from '../model/primitives.ts';
import type { Offer } from './offers.ts';
import { pricePerHour } from './price.ts';

/** What offers can be ordered by, the usual first. */
export const OFFER_ORDERS = ['price', 'record', 'capacity', 'availability'] as const;
export type OfferOrder = (typeof OFFER_ORDERS)[number];

type Compare = (a: Offer, b: Offer) => number;

/**
 * Compares two offers of a slice for `toSorted`: the cheapest, the most reliable, the largest or the longest first.
 * Equals stand by price, then by id, so that the order is the same at each look.
 */
export function offerOrder(order: OfferOrder, spec: MachineSpec): Compare {
  const first = BY[order](spec);
  const price = byPrice(spec);
  return (a, b) => first(a, b) || price(a, b) || a.id - b.id;
}

const BY: Record<OfferOrder, (spec: MachineSpec) => Compare> = {
  price: byPrice,
  record: () => (a, b) => faultRate(a) - faultRate(b) || served(b) - served(a),
  capacity: () => (a, b) =>
    b.free.cpuCores - a.free.cpuCores ||
    b.free.memoryMib - a.free.memoryMib ||
    b.free.diskGib - a.free.diskGib,
  availability: () => (a, b) => b.availableUntil - a.availableUntil,
};

function byPrice(spec: MachineSpec): Compare {
  return (a, b) => {
    const difference = pricePerHour(a.prices, spec) - pricePerHour(b.prices, spec);
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  };
}

function served({ statistics }: Offer): number {
  return statistics.leasesServed;
}

/** A provider that has served nothing yet stands between the good and the bad ones. */
function faultRate({ statistics: { leasesServed, faults } }: Offer): number {
  return (faults + 0.5) / (leasesServed + faults + 1);
}
