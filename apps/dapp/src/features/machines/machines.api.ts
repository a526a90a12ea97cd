import type { ChainPort } from '../../chain/port.ts';
import type { Dispute, Resource } from '../../chain/types.ts';
import { machinesOf, type Machine } from './machine.ts';

export async function loadMachines(port: ChainPort, renter: string): Promise<Machine[]> {
  const [orders, leases] = await Promise.all([port.ordersOf(renter), port.leasesOf(renter)]);
  return machinesOf(orders, leases);
}

export interface MachineDetails extends Machine {
  /** What it runs on, while the chain knows it. */
  readonly resource: Resource | undefined;
  /** The latest complaint about it, while the chain knows it. */
  readonly dispute: Dispute | undefined;
}

/** One machine with its surroundings, or `null` if the chain knows neither order nor lease. */
export async function loadMachine(port: ChainPort, id: number): Promise<MachineDetails | null> {
  const [order, lease] = await Promise.all([port.order(id), port.lease(id)]);
  const known = lease ?? order;
  if (known === undefined) return null;
  const [resource, dispute] = await Promise.all([
    port.resource(known.resource),
    lease === undefined ? undefined : port.disputeOfLease(id),
  ]);
  return { id, order, lease, resource, dispute };
}
