import { pricePerHour, quote, type Quote } from '@hamster/chain-client/market';
import type { Action, MachineSpec, Offer, OrderParameters } from '../../chain/types.ts';

/** The machine that is being put together. */
export interface Draft {
  spec: MachineSpec;
  hours: number;
  image: string;
  sshKey: string;
}

export interface Limits {
  readonly min: MachineSpec;
  readonly max: MachineSpec;
  /** Zero if the offer ends too soon for even one hour. */
  readonly maxHours: number;
}

/** Memory is chosen in steps of a quarter of a GiB. */
export const MEMORY_STEP_MIB = 256;

/** What can be chosen of an offer at `now`. It must last for the lease even if the provider takes all its time to accept. */
export function limitsOf({ free, availableUntil }: Offer, rules: OrderParameters, now: number): Limits {
  const hoursLeft = Math.floor((availableUntil - now - rules.orderTimeout) / rules.hour);
  return {
    min: {
      ...rules.minSpec,
      memoryMib: Math.ceil(rules.minSpec.memoryMib / MEMORY_STEP_MIB) * MEMORY_STEP_MIB,
    },
    max: { ...free, memoryMib: Math.floor(free.memoryMib / MEMORY_STEP_MIB) * MEMORY_STEP_MIB },
    maxHours: Math.max(0, Math.min(rules.maxHours, hoursLeft)),
  };
}

/** The same wish inside of the limits. */
export function clampDraft(draft: Draft, { min, max, maxHours }: Limits): Draft {
  return {
    ...draft,
    spec: {
      cpuCores: between(draft.spec.cpuCores, min.cpuCores, max.cpuCores),
      memoryMib: between(draft.spec.memoryMib, min.memoryMib, max.memoryMib),
      diskGib: between(draft.spec.diskGib, min.diskGib, max.diskGib),
    },
    hours: between(draft.hours, 1, maxHours),
  };
}

export function quoteOf(offer: Offer, draft: Draft, rules: OrderParameters): Quote {
  return quote(offer.prices, draft.spec, draft.hours, rules.hour);
}

/** The payment. The price shown is the highest that is accepted: one that rises meanwhile is refused, not paid. */
export function rentAction(offer: Offer, draft: Draft, sshPublicKey: string): Action {
  return {
    kind: 'rent',
    resource: offer.id,
    spec: draft.spec,
    hours: draft.hours,
    image: draft.image,
    sshPublicKey,
    maxPricePerHour: pricePerHour(offer.prices, draft.spec),
  };
}

/** All that is shown and signed when somebody pays. */
export interface Payment {
  readonly action: Action;
  readonly quote: Quote;
  readonly draft: Draft;
}

export function paymentOf(offer: Offer, draft: Draft, quote: Quote, sshPublicKey: string): Payment {
  return { action: rentAction(offer, draft, sshPublicKey), quote, draft: { ...draft } };
}

function between(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
