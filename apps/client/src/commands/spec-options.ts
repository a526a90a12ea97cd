import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { OFFER_ORDERS } from '@hamster/chain-client/market';
import type { OfferFilter, OfferOrder, Virtualization } from '@hamster/chain-client';
import { count, diskSize, memorySize, money } from '../cli/arguments.ts';

/** The slice of a machine, as flags. */
export interface SpecFlags {
  readonly cores?: number;
  readonly memory?: number;
  readonly disk?: number;
}

/** What else a machine should be, as flags. */
export interface FilterFlags extends SpecFlags {
  readonly image?: string;
  readonly maxPrice?: bigint;
  readonly region?: string;
  readonly virtualization?: Virtualization;
}

/** All that the market can be asked. */
export interface MarketFlags extends FilterFlags {
  readonly hours?: number;
  readonly sort: OfferOrder;
}

const KINDS: readonly Virtualization[] = ['Kvm', 'Emulated', 'Container', 'Process'];

export function addSpecOptions(command: Command): Command {
  return command
    .option('--cores <number>', 'processor cores', count)
    .option('--memory <size>', 'memory, such as 2G or 512M', memorySize)
    .option('--disk <size>', 'disk, such as 20G', diskSize);
}

export function addFilterOptions(command: Command): Command {
  return addSpecOptions(command)
    .option('--image <name>', 'operating system')
    .option('--max-price <ham>', 'highest price per hour of the whole slice, in HAM', money)
    .option('--region <name>', 'where the machine is')
    .addOption(
      new Option('--virtualization <kind>', `one of ${KINDS.map(lower).join(', ')}`).argParser(kindOf),
    );
}

export function sortOption(): Option {
  return new Option(
    '--sort <by>',
    'what comes first: the cheapest, the most reliable, the largest, the longest',
  )
    .choices(OFFER_ORDERS)
    .default(OFFER_ORDERS[0]);
}

export function filterOf(flags: FilterFlags): OfferFilter {
  return {
    cpuCores: flags.cores,
    memoryMib: flags.memory,
    diskGib: flags.disk,
    image: flags.image,
    region: flags.region,
    virtualization: flags.virtualization,
    maxPricePerHour: flags.maxPrice,
  };
}

function kindOf(text: string): Virtualization {
  const kind = KINDS.find((candidate) => lower(candidate) === lower(text));
  if (kind) return kind;
  throw new InvalidArgumentError(`It must be one of ${KINDS.map(lower).join(', ')}.`);
}

function lower(text: string): string {
  return text.toLowerCase();
}
