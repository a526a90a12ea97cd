import { Command } from 'commander';
import type { Market, MachineSpec, Offer } from '@hamster/chain-client';
import { offerOrder, pricePerHour } from '@hamster/chain-client/market';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { count } from '../cli/arguments.ts';
import { duration } from '../format/duration.ts';
import { toJson } from '../format/json.ts';
import { roundHam } from '../format/money.ts';
import { memory, slice } from '../format/size.ts';
import { harmless } from '@hamster/daemon';
import { table } from '../format/table.ts';
import { addFilterOptions, filterOf, sortOption } from './spec-options.ts';
import type { MarketFlags } from './spec-options.ts';

/** Reasons are shown for at most so many machines. */
const MAX_REASONS = 10;

export function marketCommand(run: Run): Command {
  const command = new Command('market').description('machines that can be rented now');
  return addFilterOptions(command)
    .option('--hours <number>', 'how long it must be there', count)
    .addOption(sortOption())
    .action(run(market));
}

async function market(context: Context, flags: MarketFlags): Promise<void> {
  const chain = await context.chain();
  const now = await chain.now();
  const durationMs = flags.hours && flags.hours * (await chain.parameters()).resourceOrder.hour;
  const found = await chain.market({ ...filterOf(flags), durationMs }, now);
  const spec = { cpuCores: flags.cores ?? 1, memoryMib: flags.memory ?? 1024, diskGib: flags.disk ?? 1 };
  const offers = found.offers.toSorted(offerOrder(flags.sort, spec));
  if (context.settings.json) return context.print(toJson(offers.map((offer) => priced(offer, spec))));
  if (offers.length === 0) return context.print(whyNothing(found));
  context.print(offerTable(offers, spec, now));
  context.tell(`\nPrices are for ${slice(spec)}. Rent with: hamster rent <id> --hours <hours>`);
}

/** Offers as columns; prices are those of one slice. */
export function offerTable(offers: readonly Offer[], spec: MachineSpec, now: number): string {
  return table(offers, [
    { title: 'ID', value: ({ id }) => String(id), right: true },
    { title: 'CORES', value: ({ free }) => String(free.cpuCores), right: true },
    { title: 'MEMORY', value: ({ free }) => memory(free.memoryMib), right: true },
    { title: 'DISK', value: ({ free }) => `${free.diskGib} GiB`, right: true },
    { title: 'PER HOUR', value: ({ prices }) => roundHam(pricePerHour(prices, spec)), right: true },
    { title: 'KIND', value: ({ virtualization }) => virtualization.toLowerCase() },
    { title: 'REGION', value: ({ region }) => region || '-' },
    { title: 'FOR', value: ({ availableUntil }) => duration(availableUntil - now) },
    { title: 'SERVED', value: ({ statistics }) => String(statistics.leasesServed), right: true },
    { title: 'FAULTS', value: ({ statistics }) => String(statistics.faults), right: true },
    { title: 'IMAGES', value: ({ images }) => images.join(' ') },
  ]);
}

/** Why no machine fits: every machine with every reason. */
export function whyNothing({ unfit, hidden }: Market): string {
  const reasons = [
    ...unfit.map(({ offer, reasons: all }) => `  machine ${offer.id} ${all.join('; ')}`),
    ...hidden.map(({ resource, reason }) => `  machine ${resource.id} ${reason}`),
  ];
  if (reasons.length === 0) return 'There are no machines in the market yet.';
  const more = reasons.length > MAX_REASONS ? [`  and ${reasons.length - MAX_REASONS} more`] : [];
  return ['No machine fits:', ...reasons.slice(0, MAX_REASONS).map(harmless), ...more].join('\n');
}

function priced(offer: Offer, spec: MachineSpec): Offer & { spec: MachineSpec; pricePerHour: bigint } {
  return { ...offer, spec, pricePerHour: pricePerHour(offer.prices, spec) };
}
