import { type AccountId, bytesEqual, type Context } from '@hamster/frame';

import { isRunning } from '../access.ts';
import { Leases, Parameters } from '../storage.ts';
import { type Lease, MAX_REPORTS, type Report } from '../types.ts';
import { type ClockParts, clockOf } from './clock.ts';
import { isServing } from './report.ts';

/** A small provider may have so many leases that began lately, or whose machines are down, beside one that is due. */
const IDLE_REPORTS = 4;

/** Whether the chain waits for this report: it will count, and the one before is half an interval ago. */
const isDue = (ctx: Context, parts: ClockParts, lease: Lease, report: Report): boolean => {
  if (!isRunning(lease.status) || !isServing(lease, report)) return false;
  const { standing, silence } = clockOf(ctx, parts, lease);
  const counts = standing === 'Good' || standing === 'Silent';
  return counts && 2n * silence >= Parameters.get(ctx).heartbeat_interval;
};

/**
 * Whether the chain waits for these reports, so that blocks have room for them. Each that is due is so once in half an interval,
 * and takes at most one that is not along, or four: what fills that room has that many leases. Reports that would make the
 * call fail are never due, since the next ones would be as well.
 */
export const areReportsDue = (
  ctx: Context,
  parts: ClockParts,
  provider: AccountId,
  reports: readonly Report[],
): boolean => {
  if (reports.length > MAX_REPORTS) return false;
  const ids = new Set(reports.map(({ lease }) => lease));
  if (ids.size < reports.length) return false;
  let due = 0;
  for (const report of reports) {
    const lease = Leases.get(ctx, report.lease);
    if (lease && !bytesEqual(lease.provider, provider)) return false;
    if (lease && isDue(ctx, parts, lease, report)) due += 1;
  }
  return due > 0 && ids.size - due <= Math.max(due, IDLE_REPORTS);
};
