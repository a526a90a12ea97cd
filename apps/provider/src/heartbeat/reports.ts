import type { MachineDriver } from '@hamster/machines';
import type { LeaseReport, LiveLease } from '../reconciler/work.ts';

/** What the hypervisor says about the machine of each lease. A machine that is gone is reported as not running. */
export function reportsOf(leases: readonly LiveLease[], driver: MachineDriver): Promise<LeaseReport[]> {
  return Promise.all(leases.map((lease) => reportOf(lease, driver)));
}

async function reportOf({ id }: LiveLease, driver: MachineDriver): Promise<LeaseReport> {
  const state = await driver.inspect(String(id));
  if (state === undefined) return { lease: id, cpuCores: 0, memoryMib: 0, diskGib: 0, running: false };
  const { cpuCores, memoryMib, diskGib } = state;
  // A machine that its renter stopped is held ready and paid for: it is no fault of the provider's.
  const running = state.running || state.wanted === 'stopped';
  return { lease: id, cpuCores, memoryMib, diskGib, running };
}
