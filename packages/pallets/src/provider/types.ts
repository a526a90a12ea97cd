import { AccountId } from '@hamster/frame';
import { field, type Infer, option, struct, u128, u32, u64, variant, vec } from '@hamster/scale';

import {
  Capacity,
  CpuModel,
  ImageName,
  MachineSpec,
  PeerIdBytes,
  Prices,
  RegionName,
  Virtualization,
} from '../primitives/machine.ts';

/** Chunks of stake that unbond at the same time. */
export const MAX_UNBONDING = 32;
export const MAX_IMAGES = 16;
/** Machines of one provider; whoever has more of them registers the others under another account. */
export const MAX_RESOURCES = 1024;
/** Slices that a machine is cut into at the same time, whatever its size. */
export const MAX_SLICES = 256;

export const Images = vec(ImageName, { max: MAX_IMAGES });

export const ResourceStatus = variant('hamster_primitives::ResourceStatus', {
  Online: null,
  Draining: null,
  Offline: null,
});
export type ResourceStatus = Infer<typeof ResourceStatus>;

/** A time without pay and without fault: from `from` on, until before `to`. */
export const Maintenance = struct('hamster_primitives::Maintenance', { from: u64, to: u64 });
export type Maintenance = Infer<typeof Maintenance>;

export const Statistics = struct('hamster_primitives::Statistics', {
  leases_served: u32,
  hours_served: u64,
  faults: u32,
  last_fault: option(u64),
  disputes_lost: u32,
  missed_orders: u32,
});
export type Statistics = Infer<typeof Statistics>;

/** A machine in the market. */
export const Resource = struct('hamster_primitives::Resource', {
  owner: AccountId,
  peer_id: PeerIdBytes,
  capacity: Capacity,
  allocated: Capacity,
  prices: Prices,
  available_until: u64,
  images: Images,
  virtualization: Virtualization,
  cpu_model: CpuModel,
  region: RegionName,
  status: ResourceStatus,
  maintenance: option(Maintenance),
  live_leases: u32,
  statistics: Statistics,
});
export type Resource = Infer<typeof Resource>;

/** A part of a resource that an order or a lease has taken, and until when at the latest. */
export const Slice = struct('hamster_primitives::Slice', { spec: MachineSpec, until: u64 });
export type Slice = Infer<typeof Slice>;

export const UnbondingChunk = struct('hamster_primitives::UnbondingChunk', { amount: u128, unlock_at: u64 });

/** What is held is `active` plus all of `unbonding`; `locked` says how much of that secures leases. */
export const StakeLedger = struct('hamster_primitives::StakeLedger', {
  active: u128,
  locked: u128,
  unbonding: vec(UnbondingChunk, { max: MAX_UNBONDING }),
});
export type StakeLedger = Infer<typeof StakeLedger>;

export const Parameters = struct('hamster_primitives::ProviderParameters', {
  unbonding: field(u64, 'How long stake unbonds, ms.'),
  stake_per_core: field(u128, 'Active stake for each core in the market, planck.'),
  stake_per_memory_gib: field(u128, 'Active stake for each GiB of memory in the market, planck.'),
  stake_per_disk_gib: field(u128, 'Active stake for each GiB of disk in the market, planck.'),
  max_available: field(u64, 'How far ahead a machine may be offered, ms.'),
  maintenance_notice: field(u64, 'How long before it begins maintenance is announced, ms.'),
  maintenance_max: field(u64, 'How long maintenance may last, ms.'),
  maintenance_period: field(u64, 'How far apart maintenance of one machine may begin, ms.'),
});
export type Parameters = Infer<typeof Parameters>;
