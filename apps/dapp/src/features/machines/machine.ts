import type { Lease, Order } from '../../chain/types.ts';

/** An order and what became of it. One of the two may already be forgotten by the chain. */
export interface Machine {
  readonly id: number;
  readonly order: Order | undefined;
  readonly lease: Lease | undefined;
}

export type MachineState =
  | 'waiting'
  | 'rejected'
  | 'expired'
  | 'cancelled'
  | 'active'
  | 'suspended'
  | 'disputed'
  | 'finished'
  | 'terminated'
  | 'faulted';

const LEASE_STATES: Record<Lease['status'], MachineState> = {
  Active: 'active',
  Suspended: 'suspended',
  Disputed: 'disputed',
  Finished: 'finished',
  Terminated: 'terminated',
  Faulted: 'faulted',
};
const ORDER_STATES: Record<Order['status'], MachineState> = {
  Pending: 'waiting',
  Accepted: 'active',
  Rejected: 'rejected',
  Expired: 'expired',
  Cancelled: 'cancelled',
};
const LIVE: readonly MachineState[] = ['waiting', 'active', 'suspended', 'disputed'];

export function stateOf({ order, lease }: Machine): MachineState {
  if (lease !== undefined) return LEASE_STATES[lease.status];
  return order === undefined ? 'cancelled' : ORDER_STATES[order.status];
}

export function isLive(machine: Machine): boolean {
  return LIVE.includes(stateOf(machine));
}

/** Orders and leases of one renter brought together, the newest first. */
export function machinesOf(orders: readonly Order[], leases: readonly Lease[]): Machine[] {
  const ids = new Set([...orders, ...leases].map(({ id }) => id));
  const orderOf = new Map(orders.map((order) => [order.id, order]));
  const leaseOf = new Map(leases.map((lease) => [lease.id, lease]));
  return [...ids].sort((a, b) => b - a).map((id) => ({ id, order: orderOf.get(id), lease: leaseOf.get(id) }));
}
