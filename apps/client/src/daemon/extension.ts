import { pricePerHour } from '@hamster/chain-client/market';
import type { Lease, Resource } from '@hamster/chain-client';
import { ham } from '../format/money.ts';
import type { ExtensionTerms } from './terms.ts';

/** A lease is extended when less than this part of a billed hour is left: time for a second try, and a third. */
const WHEN_LEFT = 0.25;
const TRIES = 4;

/** The chain's time, and how long a billed hour lasts, in ms. */
export interface Moment {
  readonly now: number;
  readonly hourMs: number;
}

/** So often leases are looked at, lest one ends between two tries; ms. */
export function lookEvery(hourMs: number): number {
  return (hourMs * WHEN_LEFT) / TRIES;
}

/** Whether the lease's end is so near that it is extended now, or not at all. */
export function isDue(
  { status, endsAt }: Pick<Lease, 'status' | 'endsAt'>,
  { now, hourMs }: Moment,
): boolean {
  const left = endsAt - now;
  return status === 'Active' && left > 0 && left <= hourMs * WHEN_LEFT;
}

interface Situation extends Moment {
  readonly lease: Pick<Lease, 'status' | 'endsAt' | 'pricePerHour' | 'spec'>;
  /** Undefined when the machine has left the market. */
  readonly resource: Pick<Resource, 'status' | 'prices' | 'availableUntil'> | undefined;
  readonly terms: ExtensionTerms;
  /** What automatic extension has spent so far, planck. */
  readonly spent: bigint;
  /** What the account has for it, the fee aside; planck. */
  readonly funds: bigint;
}

/** What to do about a lease: nothing yet, extend it, or say why it is left to its end. */
export type Extension =
  | { readonly kind: 'not-due' }
  | { readonly kind: 'extend'; readonly hours: number; readonly perHour: bigint; readonly total: bigint }
  | { readonly kind: 'refused'; readonly why: string };

/** Whether the terms allow to extend a lease now, and by how much. */
export function extensionFor(situation: Situation): Extension {
  const { lease, resource, terms, spent, funds, hourMs } = situation;
  if (!isDue(lease, situation)) return { kind: 'not-due' };
  if (!resource) return refused('its machine has left the market');
  if (resource.status !== 'Online')
    return refused(
      `its machine is ${resource.status.toLowerCase()}, and is looked at again until the lease ends`,
    );
  const perHour = pricePerHour(resource.prices, lease.spec);
  const most = terms.maxPrice ?? lease.pricePerHour;
  if (perHour > most)
    return refused(`an hour costs ${ham(perHour)} now, and at most ${ham(most)} is allowed`);
  const hours = Math.min(
    terms.hours,
    affordable(terms.cap - spent, perHour),
    affordable(funds, perHour),
    offered(resource, lease, hourMs),
  );
  if (hours > 0) return { kind: 'extend', hours, perHour, total: perHour * BigInt(hours) };
  if (perHour > terms.cap - spent)
    return refused(`of the ${ham(terms.cap)} that may be spent, ${ham(spent)} are spent`);
  return perHour > funds
    ? refused(`an hour costs ${ham(perHour)}, and the account has ${ham(funds)} for it. Send money to it`)
    : refused('its machine is not offered for longer');
}

function affordable(rest: bigint, perHour: bigint): number {
  if (rest <= 0n) return 0;
  return perHour === 0n ? Number.MAX_SAFE_INTEGER : Number(rest / perHour);
}

function offered(
  { availableUntil }: Pick<Resource, 'availableUntil'>,
  { endsAt }: Pick<Lease, 'endsAt'>,
  hourMs: number,
): number {
  return Math.max(0, Math.floor((availableUntil - endsAt) / hourMs));
}

function refused(why: string): Extension {
  return { kind: 'refused', why };
}
