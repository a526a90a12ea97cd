import { ask, isInteractive } from '@hamster/daemon';
import { offerOrder } from '@hamster/chain-client/market';
import type { MachineSpec, Offer } from '@hamster/chain-client';
import type { Context } from '../cli/context.ts';
import { CliError, usageError } from '../cli/errors.ts';
import { count, diskSize, memorySize, positive } from '../cli/arguments.ts';
import { offerTable, whyNothing } from './market.ts';
import { offerById } from './offer.ts';
import { filterOf } from './spec-options.ts';
import type { FilterFlags } from './spec-options.ts';

export interface RentFlags extends FilterFlags {
  readonly hours?: number;
  readonly key?: string;
  readonly yes: boolean;
}

/** All that an order needs to be told. */
export interface Choice {
  readonly offer: Offer;
  readonly spec: MachineSpec;
  readonly hours: number;
  readonly image: string;
}

/** Puts an order together from flags, and asks for what is missing where somebody can answer. */
export async function chooseMachine(
  context: Context,
  machine: number | undefined,
  flags: RentFlags,
): Promise<Choice> {
  requireFlags(context, flags);
  const spec = {
    cpuCores: flags.cores ?? (await question(context, 'How many cores?', '1', count)),
    memoryMib: flags.memory ?? (await question(context, 'How much memory?', '1G', memorySize)),
    diskGib: flags.disk ?? (await question(context, 'How much disk?', '10G', diskSize)),
  };
  const hours = flags.hours ?? (await question(context, 'For how many hours?', '1', count));
  const offer =
    machine === undefined
      ? await search(context, spec, hours, flags)
      : await offerById(await context.chain(), machine);
  return { offer, spec, hours, image: await chooseImage(context, offer, flags.image) };
}

/** A script gets one sentence with all that it forgot. */
function requireFlags(context: Context, flags: RentFlags): void {
  if (isInteractive(context.terminal)) return;
  const missing = (['cores', 'memory', 'disk', 'hours'] as const).filter((name) => flags[name] === undefined);
  if (missing.length > 0)
    throw usageError(`Say what to rent: ${missing.map((name) => `--${name}`).join(', ')} missing.`);
}

async function search(context: Context, spec: MachineSpec, hours: number, flags: RentFlags): Promise<Offer> {
  const chain = await context.chain();
  const [now, { resourceOrder }] = await Promise.all([chain.now(), chain.parameters()]);
  const wanted = { ...spec, durationMs: hours * resourceOrder.hour };
  const found = await chain.market({ ...filterOf(flags), ...wanted }, now);
  const offers = found.offers.toSorted(offerOrder('price', spec));
  const [cheapest] = offers;
  if (!cheapest) throw new CliError('NOTHING_FITS', whyNothing(found));
  if (offers.length === 1 || flags.yes || !isInteractive(context.terminal)) return cheapest;
  context.tell(offerTable(offers, spec, now));
  const id = await question(context, 'Which machine?', String(cheapest.id), positive);
  return offers.find((offer) => offer.id === id) ?? offerById(chain, id);
}

async function chooseImage(context: Context, offer: Offer, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const [first, ...more] = offer.images;
  if (first !== undefined && more.length === 0) return first;
  const images = offer.images.join(', ');
  if (!isInteractive(context.terminal))
    throw usageError(`Choose the operating system with --image: ${images}.`);
  return question(context, `Which operating system (${images})?`, first ?? '', (text) => text);
}

async function question<T>(
  context: Context,
  text: string,
  fallback: string,
  parse: (answer: string) => T,
): Promise<T> {
  for (;;) {
    const answer = await ask(context.terminal, `${text} [${fallback}]`, context.signal);
    try {
      return parse(answer || fallback);
    } catch (error) {
      context.tell(error instanceof Error ? error.message : String(error));
    }
  }
}
