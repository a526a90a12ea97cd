import { sentenceOf, type Logger } from '@hamster/daemon';
import type { MachineDriver, MachineSpec } from '@hamster/machines';
import type { Choices } from '../control/choices.ts';
import type { MachineGate } from '../control/machine-gate.ts';
import type { LeaseReport, LiveLease } from '../reconciler/work.ts';

export interface ReportModules {
  readonly driver: MachineDriver;
  readonly gate: Pick<MachineGate, 'busyWith'>;
  readonly choices: Pick<Choices, 'of'>;
  readonly log: Logger;
}

/**
 * What the hypervisor says about the machine of each lease. A machine that is gone is reported as not running; one of
 * which nothing is known at the moment is left out, and does not hold up the others. Throws when nothing is known of any.
 */
export async function reportsOf(
  leases: readonly LiveLease[],
  modules: ReportModules,
): Promise<LeaseReport[]> {
  const outcomes = await Promise.allSettled(leases.map((lease) => reportOf(lease, modules)));
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  if (failed.length > 0 && failed.length === leases.length) throw failed[0]?.reason;
  for (const { reason } of failed)
    modules.log.warn({ reason: sentenceOf(reason) }, 'a machine could not be asked; the others are reported');
  return outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
}

/**
 * The chain takes a report of less than the lease as none at all, and a few of these as the provider's fault. What the
 * renter chose is held ready and paid for: a machine that is stopped, made smaller, or in the middle of a command
 * counts as the lease has it.
 */
async function reportOf({ id, spec }: LiveLease, modules: ReportModules): Promise<LeaseReport> {
  const leaseId = String(id);
  const state = await modules.driver.inspect(leaseId);
  if (state === undefined) return { lease: id, cpuCores: 0, memoryMib: 0, diskGib: 0, running: false };
  const busy = modules.gate.busyWith(leaseId) !== undefined;
  const { size, formerSizes = [] } = modules.choices.of(leaseId);
  const chosen = busy || [size, ...formerSizes].some((each) => isSize(state, each));
  const { cpuCores, memoryMib, diskGib } = chosen ? spec : state;
  const running = state.running || state.wanted === 'stopped' || busy;
  return { lease: id, cpuCores, memoryMib, diskGib, running };
}

function isSize(state: MachineSpec, size: MachineSpec | undefined): boolean {
  return (
    state.cpuCores === size?.cpuCores && state.memoryMib === size.memoryMib && state.diskGib === size.diskGib
  );
}
