import type { Codec } from '@polkadot/types/types';
import { account, amount, arm, count, optional, payload, struct, text } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';
import { machineSpec } from './primitives.ts';
import type { MachineSpec } from './primitives.ts';

/** What a renter asked for. A lease that comes of it has the same id. */
export type Order = Read<typeof orderFields> & { readonly id: number };
export type OrderStatus = Read<typeof orderStatus>;

const orderStatus = arm('Pending', 'Accepted', 'Rejected', 'Expired', 'Cancelled');
const rejection = payload('Rejected', (codec: Codec) => rejectedWith(codec).reason);
const rejectedWith = struct({ reason: text });

const ordered = struct({
  renter: account,
  provider: account,
  resource: count,
  spec: machineSpec,
  hours: count,
  image: text,
  sshPublicKey: text,
  pricePerHour: amount,
  escrow: amount,
  createdAt: count,
  expiresAt: count,
  status: orderStatus,
});
const refused = struct({ status: rejection });

/** An order, with the provider's reason when it was rejected. */
export const orderFields = (codec: Codec) => ({ ...ordered(codec), rejection: refused(codec).status });

/** An agreement that runs, or ran. `escrow` is what is still held, `paid` the gross rent so far; times are ms. */
export type Lease = Read<typeof leaseFields> & { readonly id: number };
export type LeaseStatus = Lease['status'];
export type CloseReason = Read<typeof closeReason>;

const closeReason = arm(
  'Completed',
  'TerminatedByRenter',
  'TerminatedByProvider',
  'ProviderFault',
  'ProviderAtFault',
);

export const leaseFields = struct({
  renter: account,
  provider: account,
  resource: count,
  spec: machineSpec,
  image: text,
  sshPublicKey: text,
  sshHostKey: text,
  pricePerHour: amount,
  escrow: amount,
  paid: amount,
  refunded: amount,
  collateral: amount,
  startedAt: count,
  endsAt: count,
  settledUntil: count,
  lastHeartbeat: count,
  status: arm('Active', 'Suspended', 'Disputed', 'Finished', 'Terminated', 'Faulted'),
  closed: optional(struct({ at: count, reason: closeReason })),
});

/** The numbers of the rules. `hour` is how long a billed hour lasts, in ms: a development chain has short ones. */
export type OrderParameters = Omit<Read<typeof rules>, 'minCpuCores' | 'minMemoryMib' | 'minDiskGib'> & {
  /** The smallest machine that can be ordered. */
  readonly minSpec: MachineSpec;
};

const rules = struct({
  hour: count,
  orderTimeout: count,
  heartbeatInterval: count,
  suspendAfter: count,
  faultAfter: count,
  maxHours: count,
  minCpuCores: count,
  minMemoryMib: count,
  minDiskGib: count,
  collateralHoursMax: count,
  noticeHours: count,
  providerTerminatePenalty: count,
  feeGateways: count,
  feeValidators: count,
  feeTreasury: count,
  retention: count,
});

export function orderParameters(codec: Codec): OrderParameters {
  const { minCpuCores, minMemoryMib, minDiskGib, ...rest } = rules(codec);
  return { ...rest, minSpec: { cpuCores: minCpuCores, memoryMib: minMemoryMib, diskGib: minDiskGib } };
}
