import type { ChainClient, MachineSpec, Offer, Quote } from '@hamster/chain-client';
import { freeOf, quote } from '@hamster/chain-client/market';
import { CliError } from '../cli/errors.ts';
import { duration } from '../format/duration.ts';
import { ham } from '../format/money.ts';

/** A machine by its id, whether or not it takes orders: the chain says that best. */
export async function offerById(chain: ChainClient, id: number): Promise<Offer> {
  const resource = await chain.resource(id);
  if (resource) return { ...resource, free: freeOf(resource) };
  throw new CliError(
    'NO_SUCH_MACHINE',
    `There is no machine ${id} in the market. List them with \`hamster market\`.`,
  );
}

/** The hour that a chain bills, and the price of a lease by it. */
export async function quoteFor(
  chain: ChainClient,
  offer: Offer,
  spec: MachineSpec,
  hours: number,
): Promise<Quote> {
  const { resourceOrder } = await chain.parameters();
  return quote(offer.prices, spec, hours, resourceOrder.hour);
}

/** What a lease costs, in lines. */
export function quoteLines({ perHour, hours, total, durationMs }: Quote): string[] {
  const hour = durationMs / hours;
  const note = hour === 3_600_000 ? '' : ` (an hour lasts ${duration(hour)} on this chain)`;
  return [
    `  per hour  ${ham(perHour)}${note}`,
    `  in all    ${ham(total)} for ${hours} h, ${duration(durationMs)}`,
  ];
}
