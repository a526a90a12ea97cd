import type { MarketView } from '../market/market-view.ts';
import { hamOf } from '../ham.ts';
import { sizeText, timeText } from '../wording.ts';
import type { CompleteChange } from './operator.ts';

/** What a change that was carried out means, and from when on: a sentence each. */
export function effectsOf(change: CompleteChange, market: MarketView): string[] {
  return [
    ...pricesEffect(change),
    ...capacityEffect(change, market),
    ...periodEffect(change),
    ...drainingEffect(change, market),
    ...maintenanceEffect(change),
  ];
}

function pricesEffect({ prices }: CompleteChange): string[] {
  if (prices === undefined) return [];
  const { cpuCoreHour, memoryGibHour, diskGibHour } = prices;
  return [
    `An hour costs ${hamOf(cpuCoreHour)} HAM a core, ${hamOf(memoryGibHour)} HAM a GiB of memory and ${hamOf(diskGibHour)} HAM a GiB of disk, ` +
      'for orders and extensions from now on. Leases that run keep the price that they were made at.',
  ];
}

function capacityEffect({ capacity, addedStake }: CompleteChange, { resource }: MarketView): string[] {
  if (capacity === undefined) return [];
  const taken = resource === undefined ? 'nothing' : sizeText(resource.allocated);
  return [
    `Offered from now on: ${sizeText(capacity)}. Leased or ordered of it, and staying so: ${taken}.`,
    ...(addedStake > 0n ? [`${hamOf(addedStake)} HAM more were staked, which the larger offer needs.`] : []),
  ];
}

function periodEffect({ availableUntil }: CompleteChange): string[] {
  if (availableUntil === undefined) return [];
  return [
    `The offer stands until ${timeText(availableUntil)}: leases and extensions end by then. Nothing is offered after it until you say otherwise.`,
  ];
}

function drainingEffect({ draining }: CompleteChange, { resource }: MarketView): string[] {
  if (draining === undefined) return [];
  if (!draining) return ['Orders are taken again, from the next block on.'];
  const { liveLeases = 0 } = resource ?? {};
  return [
    'No order is taken from the next block on, also after restarts; one that waits is refused, and its renter reads why. ' +
      `Leases go on until their end (${liveLeases} now). Undo it with: hamster-provider undrain`,
  ];
}

function maintenanceEffect({ maintenance }: CompleteChange): string[] {
  if (maintenance === undefined) return [];
  const { from, to } = maintenance;
  return [
    `Renters see that the machine may be down from ${timeText(from)} until ${timeText(to)}. In this time leases cost nothing, and silence is no fault.`,
  ];
}
