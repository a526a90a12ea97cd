import { count } from '../codec/readers.ts';
import type { Reading } from '../connection/reading.ts';
import { freeOf, hiddenBecause, mismatches } from '../market/offers.ts';
import type { Offer, OfferFilter } from '../market/offers.ts';
import { providerParameters, resourceFields, stakeLedger } from '../model/provider.ts';
import type { Resource, StakeLedger } from '../model/provider.ts';
import { orderParameters } from '../model/resource-order.ts';
import type { Patience } from '../signals.ts';
import { offeredMachines } from './offer-pages.ts';
import { all, idsOf, many, one, plainValue } from './read-store.ts';
import type { MapOf } from './read-store.ts';

const RESOURCES: MapOf<Omit<Resource, 'id'>> = {
  pallet: 'provider',
  item: 'resources',
  read: resourceFields,
};
const STAKES: MapOf<StakeLedger> = { pallet: 'provider', item: 'stakes', read: stakeLedger };
const NO_STAKE: StakeLedger = { active: 0n, locked: 0n, unbonding: [] };

/** The market as it is now, and what was left out of it and why. */
export interface Market {
  readonly offers: Offer[];
  /** Machines that take orders but don't fit the filter, with every reason. */
  readonly unfit: { readonly offer: Offer; readonly reasons: string[] }[];
  /** Machines that take no orders from anyone. */
  readonly hidden: { readonly resource: Resource; readonly reason: string }[];
}

/** What the chain knows more of than can be seen from a machine and its provider's stake. */
const TAKES_NONE = 'would take no such order now';

/** Reads of machines and stakes. */
export function marketReads(reading: Reading) {
  const reads = {
    resource: async (id: number, patience: Patience = {}): Promise<Resource | undefined> => {
      const found = await one(reading, RESOURCES, id, patience);
      return found && { id, ...found };
    },

    /** Every machine, hidden ones too, by id. */
    async resources(patience: Patience = {}): Promise<Resource[]> {
      return named(await all(reading, RESOURCES, count, patience));
    },

    async resourcesOf(owner: string, patience: Patience = {}): Promise<Resource[]> {
      const ids = await idsOf(reading, 'provider', 'resourcesOf', owner, patience);
      return named(await many(reading, RESOURCES, ids, patience));
    },

    /** What a provider has at stake; nothing for an account that never staked. */
    stake: async (address: string, patience: Patience = {}): Promise<StakeLedger> =>
      (await one(reading, STAKES, address, patience)) ?? NO_STAKE,

    /**
     * Machines of which the chain says that they would take such an order, by id. `now` is the chain's time unless given.
     */
    async offers(filter: OfferFilter = {}, now?: number, patience: Patience = {}): Promise<Offer[]> {
      const [machines, time] = await Promise.all([
        offered(reading, filter, patience),
        now ?? plainValue(reading, 'timestamp', 'now', count, patience),
      ]);
      return machines.filter((offer) => mismatches(offer, filter, time).length === 0);
    },

    /** As `offers`, with the machines that were left out and the reasons; reads them all. */
    async market(filter: OfferFilter = {}, now?: number, patience: Patience = {}): Promise<Market> {
      const [resources, machines, parameters, time] = await Promise.all([
        reads.resources(patience),
        offered(reading, filter, patience),
        plainValue(reading, 'provider', 'parameters', providerParameters, patience),
        now ?? plainValue(reading, 'timestamp', 'now', count, patience),
      ]);
      const taking = new Set(machines.map(({ id }) => id));
      const owners = [...new Set(resources.map(({ owner }) => owner))];
      const stakes = new Map(await many(reading, STAKES, owners, patience));
      const hiding = (resource: Resource): string | undefined =>
        hiddenBecause(resource, stakes.get(resource.owner) ?? NO_STAKE, parameters, time);
      const unfitness = (offer: Offer): string[] => {
        const reasons = mismatches(offer, filter, time);
        return reasons.length > 0 || taking.has(offer.id) ? reasons : [TAKES_NONE];
      };
      return sort(resources, hiding, unfitness);
    },
  };
  return reads;
}

export type MarketReads = ReturnType<typeof marketReads>;

async function offered(reading: Reading, filter: OfferFilter, patience: Patience): Promise<Offer[]> {
  const { hour } = await plainValue(reading, 'resourceOrder', 'parameters', orderParameters, patience);
  const machines = await offeredMachines(reading, filter, hour, patience);
  return machines.map((machine) => ({ ...machine, free: freeOf(machine) }));
}

function sort(
  resources: readonly Resource[],
  hiding: (resource: Resource) => string | undefined,
  unfitness: (offer: Offer) => string[],
): Market {
  const market: Market = { offers: [], unfit: [], hidden: [] };
  for (const resource of resources) {
    const reason = hiding(resource);
    const offer = { ...resource, free: freeOf(resource) };
    const reasons = reason === undefined ? unfitness(offer) : [];
    if (reason !== undefined) market.hidden.push({ resource, reason });
    else if (reasons.length > 0) market.unfit.push({ offer, reasons });
    else market.offers.push(offer);
  }
  return market;
}

function named(entries: readonly (readonly [number, Omit<Resource, 'id'>])[]): Resource[] {
  return entries.map(([id, fields]) => ({ id, ...fields })).sort((a, b) => a.id - b.id);
}
