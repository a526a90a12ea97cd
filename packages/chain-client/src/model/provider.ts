import { account, amount, arm, count, list, optional, struct, text } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';
import { capacity, prices, virtualization } from './primitives.ts';

/** A machine in the market, hidden ones too. Times are ms since 1970, prices planck. */
export type Resource = Read<typeof resourceFields> & { readonly id: number };
export type ResourceStatus = Resource['status'];

const statistics = struct({
  leasesServed: count,
  hoursServed: count,
  faults: count,
  lastFault: optional(count),
  disputesLost: count,
  missedOrders: count,
});

export const resourceFields = struct({
  owner: account,
  peerId: text,
  capacity,
  allocated: capacity,
  prices,
  availableUntil: count,
  images: list(text),
  virtualization,
  cpuModel: text,
  region: text,
  status: arm('Online', 'Draining', 'Offline'),
  maintenance: optional(struct({ from: count, to: count })),
  liveLeases: count,
  statistics,
});

/** A provider's stake: `active` counts for listing, `locked` of all of it secures leases, `unbonding` is on its way out. */
export type StakeLedger = Read<typeof stakeLedger>;
export const stakeLedger = struct({
  active: amount,
  locked: amount,
  unbonding: list(struct({ amount, unlockAt: count })),
});

export type ProviderParameters = Read<typeof providerParameters>;
export const providerParameters = struct({
  unbonding: count,
  stakePerCore: amount,
  stakePerMemoryGib: amount,
  stakePerDiskGib: amount,
  maxAvailable: count,
  maintenanceNotice: count,
  maintenanceMax: count,
  maintenancePeriod: count,
});
