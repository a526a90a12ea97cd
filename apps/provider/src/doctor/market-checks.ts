import type { Resource } from '@hamster/chain-client';
import { freeOf, minListingStake } from '@hamster/chain-client/market';
import { hamOf } from '../ham.ts';
import { counted, sizeText, timeText } from '../wording.ts';
import type { MarketView } from '../market/market-view.ts';
import { note, ok, stops, type Check } from './check.ts';
import type { ChainFacts, Facts } from './facts.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** How the chain has this machine: whether it is listed, and to whom. */
export function marketChecks({ chain }: Facts): Check[] {
  if ('trouble' in chain) return [];
  const { market } = chain.value;
  const { resource } = market;
  if (resource === undefined) return [feesCheck(chain.value), notRegistered(chain.value)];
  return [
    feesCheck(chain.value),
    ok('registered', `This machine is number ${resource.id} in the market.`),
    statusCheck(resource),
    periodCheck(resource, market.chainTime),
    priceCheck(resource),
    freeCheck(resource),
    ...stakeChecks(resource, market),
    ...maintenanceCheck(resource, market.chainTime),
    ...faultCheck(resource),
  ];
}

function notRegistered({ leftAt }: ChainFacts): Check {
  if (leftAt !== undefined)
    return stops(
      'registered',
      `This machine left the market (${timeText(leftAt)}), as you said. To bring it back, which stakes again, start the daemon once with --rejoin.`,
    );
  return stops(
    'registered',
    'The chain has no entry for this machine and account. Start the daemon: it registers the machine.',
  );
}

function feesCheck({ market, beatFee }: ChainFacts): Check {
  const { transferable } = market.balance;
  const text = `The account has ${hamOf(transferable)} HAM to spend`;
  if (transferable < beatFee)
    return stops('fees', `${text}, too little for a transaction. Send it some HAM: it cannot accept orders.`);
  const beatsADay = BigInt(Math.ceil(DAY_MS / market.rules.resourceOrder.heartbeatInterval));
  if (transferable < beatFee * beatsADay)
    return note('fees', `${text}: heartbeats use it up within a day. Send it some more.`);
  return ok('fees', `${text}, enough for the fees.`);
}

function statusCheck({ status, liveLeases }: Resource): Check {
  switch (status) {
    case 'Online':
      return ok('status', 'The machine is online in the market.');
    case 'Draining':
      return stops(
        'status',
        `The machine is draining, as you said: it takes no orders, and ${counted(liveLeases, 'lease')} run on. Take orders again with: hamster-provider undrain`,
      );
    case 'Offline':
      return stops(
        'status',
        'The machine is offline in the market, as after a fault. When it is mended: hamster-provider undrain',
      );
  }
}

function periodCheck({ availableUntil }: Resource, now: number): Check {
  const until = new Date(availableUntil).toISOString();
  if (availableUntil <= now)
    return stops('period', `The offer ended at ${until}. Go on with: hamster-provider period --days 30`);
  if (availableUntil - now < DAY_MS)
    return note(
      'period',
      `The offer ends at ${until}, and leases cannot last longer. Go on with: hamster-provider period --days 30`,
    );
  return ok('period', `The offer stands until ${until}.`);
}

function priceCheck({ prices }: Resource): Check {
  const { cpuCoreHour, memoryGibHour, diskGibHour } = prices;
  const text = `An hour costs ${hamOf(cpuCoreHour)} HAM a core, ${hamOf(memoryGibHour)} a GiB of memory, ${hamOf(diskGibHour)} a GiB of disk`;
  if (cpuCoreHour + memoryGibHour + diskGibHour > 0n) return ok('price', `${text}.`);
  return note('price', `${text}: it is given away. Set a price with: hamster-provider price --core 0.01`);
}

function freeCheck(resource: Resource): Check {
  const free = freeOf(resource);
  const { cpuCores, memoryMib, diskGib } = free;
  const text = `Free are ${sizeText(free)}`;
  if (cpuCores > 0 && memoryMib > 0 && diskGib > 0) return ok('free', `${text}.`);
  return stops(
    'free',
    `${text}: nothing fits until a lease ends, or until more is offered by: hamster-provider capacity`,
  );
}

function stakeChecks({ capacity }: Resource, { stake, rules }: MarketView): Check[] {
  const needed = minListingStake(capacity, rules.provider);
  if (stake.active < needed)
    return [
      stops(
        'stake',
        `${hamOf(stake.active)} HAM are at stake, and an offer of this size is hidden below ${hamOf(needed)}. ` +
          'Send the account more and start the daemon again, or offer less: hamster-provider capacity',
      ),
    ];
  if (stake.active > stake.locked)
    return [
      ok('stake', `${hamOf(stake.active)} HAM are at stake, ${hamOf(stake.locked)} of it secure leases.`),
    ];
  return [
    stops(
      'stake',
      `All of the stake secures leases (${hamOf(stake.locked)} HAM), and each further one needs collateral. Raise it with --stake.`,
    ),
  ];
}

function maintenanceCheck({ maintenance }: Resource, now: number): Check[] {
  if (maintenance === undefined || maintenance.to <= now) return [];
  const [from, to] = [maintenance.from, maintenance.to].map((time) => new Date(time).toISOString());
  const text = maintenance.from <= now ? `Maintenance is on until ${to}` : `Maintenance begins at ${from}`;
  return [note('maintenance', `${text}: renters see it, and leases cost nothing while it lasts.`)];
}

function faultCheck({ statistics }: Resource): Check[] {
  const { faults, lastFault } = statistics;
  if (faults === 0) return [];
  const when = lastFault === undefined ? '' : `, the last at ${new Date(lastFault).toISOString()}`;
  return [
    note(
      'faults',
      `The chain counts ${counted(faults, 'fault')} of this machine${when}. Renters see that and may go elsewhere.`,
    ),
  ];
}
