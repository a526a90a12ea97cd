import { count, list, optional, struct } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';
import { runtimeCall } from '../connection/decorated.ts';
import type { Reading } from '../connection/reading.ts';
import type { OfferFilter } from '../market/offers.ts';
import { resourceFields } from '../model/provider.ts';
import type { Resource } from '../model/provider.ts';
import type { Patience } from '../signals.ts';

/** The chain answers so many at most. */
const PAGE = 128;

type Page = Read<typeof page>;
const page = struct({
  offers: list(struct({ resource: count, machine: resourceFields })),
  next: optional(count),
});

/**
 * Machines that the chain says would take an order for the slice from others than their owner, by id: its own rules, not a copy of
 * them. Asks page by page, each of them a bounded work for the node.
 */
export async function offeredMachines(
  reading: Reading,
  filter: OfferFilter,
  hourMs: number,
  patience: Patience,
): Promise<Resource[]> {
  const wanted = chainFilter(filter, hourMs);
  const found: Resource[] = [];
  for (let after: number | undefined = 0; after !== undefined;) {
    const { offers, next }: Page = await reading.read(
      'Asking for the offers',
      async (api) => page(await runtimeCall(api, 'marketApi', 'offers', wanted, after, PAGE)),
      patience,
    );
    found.push(...offers.map(({ resource, machine }) => ({ id: resource, ...machine })));
    after = next !== undefined && next > after ? next : undefined;
  }
  return found;
}

/** What the chain compares as we do. The rest is compared here: regions without regard to case, prices of slices not given in full. */
const chainFilter = (filter: OfferFilter, hourMs: number): object => ({
  cpuCores: filter.cpuCores,
  memoryMib: filter.memoryMib,
  diskGib: filter.diskGib,
  hours: filter.durationMs === undefined ? undefined : Math.max(1, Math.ceil(filter.durationMs / hourMs)),
  virtualization: filter.virtualization,
});
