import { Command } from 'commander';
import { mismatches } from '@hamster/chain-client/market';
import type { Context } from '../cli/context.ts';
import type { Run } from '../cli/program.ts';
import { count, positive } from '../cli/arguments.ts';
import { usageError } from '../cli/errors.ts';
import { toJson } from '../format/json.ts';
import { slice } from '../format/size.ts';
import { offerById, quoteFor, quoteLines } from './offer.ts';
import { addSpecOptions } from './spec-options.ts';
import type { SpecFlags } from './spec-options.ts';

export function quoteCommand(run: Run): Command {
  const command = new Command('quote')
    .description('what a slice of a machine would cost')
    .argument('<machine>', 'id, as in `hamster market`', positive);
  return addSpecOptions(command).option('--hours <number>', 'how long', count, 1).action(run(showQuote));
}

async function showQuote(context: Context, id: number, flags: SpecFlags & { hours: number }): Promise<void> {
  const { cores, memory, disk, hours } = flags;
  if (cores === undefined || memory === undefined || disk === undefined) {
    throw usageError('Say which slice: --cores, --memory and --disk.');
  }
  const chain = await context.chain();
  const offer = await offerById(chain, id);
  const spec = { cpuCores: cores, memoryMib: memory, diskGib: disk };
  const cost = await quoteFor(chain, offer, spec, hours);
  const reasons = mismatches(offer, { ...spec, durationMs: cost.durationMs }, await chain.now());
  if (context.settings.json) return context.print(toJson({ resource: id, spec, ...cost, reasons }));
  context.print([`Machine ${id}: ${slice(spec)}`, ...quoteLines(cost)].join('\n'));
  if (reasons.length > 0) context.tell(`It cannot be had now: machine ${id} ${reasons.join('; ')}.`);
}
