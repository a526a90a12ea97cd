import { divideUp, maxOf, minOf, portion } from '@hamster/frame';

import { type Pauses, silenceAt } from '../../primitives/silence.ts';

/** An even part of a stream: `escrow` pays for the time from `from` to where the next one begins. */
export interface Stretch {
  readonly from: bigint;
  readonly escrow: bigint;
}

/**
 * Rent is an even stream: `rate_escrow` pays for the time from `rate_since` to `ends_at`, or to the first of `later`, which
 * are even too, at rates of their own. `escrow` is what is left of all of it for the time from `settled_until` on. Settlements
 * are differences of these lines, so their rounding never adds up, no planck is made or lost, and the last one takes the rest.
 */
export interface Stream {
  readonly escrow: bigint;
  readonly settled_until: bigint;
  readonly ends_at: bigint;
  readonly rate_since: bigint;
  readonly rate_escrow: bigint;
  readonly later: readonly Stretch[];
}

/** How a stretch of the stream is divided: `paid` goes to the provider (before fees), `refunded` to the renter. */
export interface Settlement {
  readonly until: bigint;
  readonly paid: bigint;
  readonly refunded: bigint;
}

const costOf = ({ from, escrow }: Stretch, to: bigint, moment: bigint): bigint => {
  if (moment <= from) return escrow;
  return moment >= to ? 0n : divideUp(escrow * (to - moment), to - from);
};

/** What the time from `moment` to the end costs, rounded up. */
export const costFrom = ({ rate_since, rate_escrow, later, ends_at }: Stream, moment: bigint): bigint =>
  [{ from: rate_since, escrow: rate_escrow }, ...later].reduce(
    (cost, stretch, index) => cost + costOf(stretch, later[index]?.from ?? ends_at, moment),
    0n,
  );

/** Rent of the time up to `until`; `until` may lie outside of the stream. */
export const rentUntil = (stream: Stream, until: bigint): bigint => {
  if (until >= stream.ends_at) return stream.escrow;
  if (until <= stream.settled_until) return 0n;
  return stream.escrow - costFrom(stream, until);
};

const clip = (stream: Stream, until: bigint): bigint =>
  maxOf(stream.settled_until, minOf(until, stream.ends_at));

/** A stream, and when the machine last proved that it runs. */
export interface ProvenStream extends Stream {
  readonly last_heartbeat: bigint;
}

/** The parts of the pauses that lie in the time from `from` to `to`. */
const within = (pauses: Pauses, from: bigint, to: bigint): Pauses =>
  pauses
    .map((pause) => ({ from: maxOf(pause.from, from), to: minOf(pause.to, to) }))
    .filter((pause) => pause.from < pause.to);

/**
 * The time up to `until` was served, except for the pauses: what they cost returns to the renter, at the price of that
 * very time. What is paid is the time since the last report, as silence counts it, so that both always agree: after a dispute,
 * which moves the stream but no pause, as much is known of the pauses as how long they were, and their cost is an even share.
 */
export const settleServed = (stream: ProvenStream, until: bigint, pauses: Pauses): Settlement => {
  const end = clip(stream, until);
  const rent = rentUntil(stream, end);
  const length = end - stream.settled_until;
  if (length === 0n) return { until: end, paid: rent, refunded: 0n };
  const served = minOf(length, maxOf(0n, silenceAt(stream.last_heartbeat, end, pauses)));
  const unserved = within(pauses, stream.settled_until, end);
  const isKnown = served + unserved.reduce((sum, { from, to }) => sum + to - from, 0n) === length;
  const cost = unserved.reduce(
    (sum, { from, to }) => sum + costFrom(stream, from) - costFrom(stream, to),
    0n,
  );
  const paid = isKnown ? rent - cost : portion(rent, served, length);
  return { until: end, paid, refunded: rent - paid };
};

/** Nobody proved the time up to `until`: its rent returns to the renter. */
export const settleUnserved = (stream: Stream, until: bigint): Settlement => {
  const end = clip(stream, until);
  return { until: end, paid: 0n, refunded: rentUntil(stream, end) };
};

/** The lease ends here: whatever is left returns to the renter. */
export const refundRest = (stream: Stream): Settlement => ({
  until: stream.settled_until,
  paid: 0n,
  refunded: stream.escrow,
});
