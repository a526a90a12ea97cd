import type { MachineState } from '@hamster/machines';
import type { LiveLease, PendingOrder, Work } from './work.ts';

/** What has to happen so that the host runs what the chain says, and nothing else. */
export interface Plan {
  /** Orders to build, or to go on building. */
  readonly build: readonly PendingOrder[];
  /** Orders to turn away: this machine takes none. */
  readonly refuse: readonly PendingOrder[];
  /** Leases whose machine is there and should run, but does not. One that its renter stopped is left alone. */
  readonly start: readonly LiveLease[];
  /** Machines that nobody pays for. */
  readonly destroy: readonly string[];
  /** Leases whose machine is gone: the renter's data is lost, and only a person can tell why. */
  readonly lost: readonly LiveLease[];
}

/** Compares what the chain wants with what the host has. Pure: the same facts give the same plan. */
export function planWork(work: Work, machines: readonly MachineState[]): Plan {
  const byLease = new Map(machines.map((machine) => [machine.leaseId, machine]));
  const wanted = new Set([...work.pending, ...work.live].map(({ id }) => String(id)));
  return {
    build: work.draining ? [] : work.pending,
    refuse: work.draining ? work.pending : [],
    start: work.live.filter(({ id }) => isDown(byLease.get(String(id)))),
    destroy: machines.map(({ leaseId }) => leaseId).filter((id) => LEASE.test(id) && !wanted.has(id)),
    lost: work.live.filter(({ id }) => isGone(byLease.get(String(id)))),
  };
}

/** As the chain counts them: what is called otherwise was put there by somebody else. */
const LEASE = /^\d+$/;

const isGone = (machine: MachineState | undefined): boolean =>
  machine === undefined || machine.unfinished === true;

/** It should run, and does not. */
export function isDown(machine: MachineState | undefined): boolean {
  return machine?.running === false && machine.wanted === 'running';
}
