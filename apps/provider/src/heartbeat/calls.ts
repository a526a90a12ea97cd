import type { LeaseReport, LiveLease } from '../reconciler/work.ts';

/** One transaction takes this many reports; more leases are reported in several. */
const REPORTS_PER_CALL = 64;
/** Blocks keep room for a call with so many reports that the chain does not wait for, or with as many as it waits for. */
const IDLE_REPORTS = 4;

/** ms. */
export interface Moment {
  readonly chainTime: number;
  readonly interval: number;
}

/**
 * Reports as they are sent, those first that the chain waits for: that machines run, of leases which nobody disputes and which were
 * not reported lately. With too many others along, blocks would keep no room for these either.
 */
export function callsOf(
  reports: readonly LeaseReport[],
  leases: readonly LiveLease[],
  moment: Moment,
): readonly (readonly LeaseReport[])[] {
  const awaited = new Set(leases.filter((lease) => isAwaited(lease, moment)).map(({ id }) => id));
  const due = reports.filter(({ lease, running }) => running && awaited.has(lease));
  const idle = reports.filter((report) => !due.includes(report));
  const fitTogether = reports.length <= REPORTS_PER_CALL && idle.length <= Math.max(due.length, IDLE_REPORTS);
  return fitTogether ? chunks(reports) : [...chunks(due), ...chunks(idle)];
}

function isAwaited({ disputed, lastHeartbeat }: LiveLease, { chainTime, interval }: Moment): boolean {
  return !disputed && 2 * (chainTime - lastHeartbeat) >= interval;
}

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / REPORTS_PER_CALL);
  return Array.from({ length: count }, (_, at) =>
    items.slice(at * REPORTS_PER_CALL, (at + 1) * REPORTS_PER_CALL),
  );
}
