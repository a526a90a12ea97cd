import { type Pauses, silenceReaches } from '../../primitives/silence.ts';
import type { Lease } from '../types.ts';
import type { SilenceLimits } from './silence.ts';

/** What the clock says about a running lease, whether or not the agenda has acted on it yet. */
export type Standing = 'Good' | 'Silent' | 'Faulty' | 'Over';

type Clocked = Pick<Lease, 'last_heartbeat' | 'ends_at'>;

export interface Deadlines {
  readonly suspendAt: bigint;
  readonly faultAt: bigint;
}

export const deadlinesOf = (lease: Clocked, limits: SilenceLimits, pauses: Pauses): Deadlines => ({
  suspendAt: silenceReaches(lease.last_heartbeat, limits.suspend_after, pauses),
  faultAt: silenceReaches(lease.last_heartbeat, limits.fault_after, pauses),
});

export const standingAt = (now: bigint, lease: Clocked, { suspendAt, faultAt }: Deadlines): Standing => {
  if (faultAt <= now && faultAt < lease.ends_at) return 'Faulty';
  if (lease.ends_at <= now) return 'Over';
  return suspendAt <= now ? 'Silent' : 'Good';
};

/**
 * When to look at the lease again: at its next deadline, and never later than a suspension could come if a report
 * arrived right now. So a report has to write no appointment.
 */
export const nextLook = (
  now: bigint,
  lease: Clocked,
  deadlines: Deadlines,
  limits: SilenceLimits,
): bigint => {
  const moments = [lease.ends_at, deadlines.suspendAt, deadlines.faultAt].filter((moment) => moment > now);
  return moments.reduce((first, moment) => (moment < first ? moment : first), now + limits.suspend_after);
};
