import { minOf, U64_MAX } from '@hamster/frame';

import type { Statistics } from '../types.ts';

/** How an order or a lease ended, as far as a machine's reputation is concerned. */
export type Outcome =
  /** The order was withdrawn or refused. */
  | { readonly type: 'Withdrawn' }
  /** The provider didn't answer. */
  | { readonly type: 'Missed' }
  /** The lease was served as long as the renter wanted it. */
  | { readonly type: 'Served'; readonly hours: bigint }
  /** The provider left. */
  | { readonly type: 'Abandoned'; readonly hours: bigint }
  | { readonly type: 'Fault'; readonly hours: bigint }
  /** The renter disputed what was delivered, and was right. */
  | { readonly type: 'DisputeLost'; readonly hours: bigint };

const MAX_COUNT = 2 ** 32 - 1;

const countUp = (count: number): number => Math.min(count + 1, MAX_COUNT);

const addHours = (sum: bigint, hours: bigint): bigint => minOf(sum + hours, U64_MAX);

export const isFaultOutcome = ({ type }: Outcome): boolean => type === 'Fault' || type === 'DisputeLost';

export const isLeaseOutcome = ({ type }: Outcome): boolean => type !== 'Withdrawn' && type !== 'Missed';

/** Counters stay at their maximum instead of failing: reputation must never hold up money. */
export const countOutcome = (statistics: Statistics, outcome: Outcome, now: bigint): Statistics => {
  if (outcome.type === 'Withdrawn') return statistics;
  if (outcome.type === 'Missed') {
    return { ...statistics, missed_orders: countUp(statistics.missed_orders) };
  }
  const served = { ...statistics, hours_served: addHours(statistics.hours_served, outcome.hours) };
  if (outcome.type === 'Served') return { ...served, leases_served: countUp(served.leases_served) };
  if (outcome.type === 'Abandoned') return served;
  const faulty = { ...served, faults: countUp(served.faults), last_fault: now };
  if (outcome.type === 'Fault') return faulty;
  return { ...faulty, disputes_lost: countUp(faulty.disputes_lost) };
};
