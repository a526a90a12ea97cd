import { AccountId } from '@hamster/frame';
import { bool, boundedBytes, type Infer, option, struct, u128, u32, u64, variant } from '@hamster/scale';

import { ImageName, MachineSpec, SshKey } from '../primitives/machine.ts';
import { Permill } from '../primitives/permill.ts';

/** Reports in one heartbeat. */
export const MAX_REPORTS = 64;
export const MAX_REASON = 128;

export const RejectReason = boundedBytes(MAX_REASON);

export const OrderStatus = variant('hamster_primitives::OrderStatus', {
  Pending: null,
  Accepted: null,
  Rejected: { reason: RejectReason },
  Expired: null,
  Cancelled: null,
});
export type OrderStatus = Infer<typeof OrderStatus>;

/** What a renter asked for. */
export const Order = struct('hamster_primitives::Order', {
  renter: AccountId,
  provider: AccountId,
  resource: u64,
  spec: MachineSpec,
  hours: u32,
  image: ImageName,
  ssh_public_key: SshKey,
  price_per_hour: u128,
  escrow: u128,
  created_at: u64,
  expires_at: u64,
  status: OrderStatus,
});
export type Order = Infer<typeof Order>;

export const LeaseStatus = variant('hamster_primitives::LeaseStatus', {
  Active: null,
  Suspended: null,
  Disputed: null,
  Finished: null,
  Terminated: null,
  Faulted: null,
});
export type LeaseStatus = Infer<typeof LeaseStatus>;

export const CloseReason = variant('hamster_primitives::CloseReason', {
  Completed: null,
  TerminatedByRenter: null,
  TerminatedByProvider: null,
  ProviderFault: null,
  ProviderAtFault: null,
});
export type CloseReason = Infer<typeof CloseReason>;

export const Closed = struct('hamster_primitives::Closed', { at: u64, reason: CloseReason });

/** An agreement that runs, or ran. `escrow` is what is still held of the renter's money. */
export const Lease = struct('hamster_primitives::Lease', {
  renter: AccountId,
  provider: AccountId,
  resource: u64,
  spec: MachineSpec,
  image: ImageName,
  ssh_public_key: SshKey,
  ssh_host_key: SshKey,
  price_per_hour: u128,
  escrow: u128,
  paid: u128,
  refunded: u128,
  collateral: u128,
  started_at: u64,
  ends_at: u64,
  settled_until: u64,
  last_heartbeat: u64,
  status: LeaseStatus,
  closed: option(Closed),
  /** The rent is even: `rate_escrow` pays for the time from `rate_since` to `ends_at`. */
  rate_since: u64,
  rate_escrow: u128,
  /** Since when it is disputed, and how long it has stood still because of disputes, ms. */
  disputed_at: option(u64),
  time_lost: u64,
});
export type Lease = Infer<typeof Lease>;

/** What a provider says of one machine. */
export const Report = struct('hamster_primitives::Report', {
  lease: u64,
  cpu_cores: u32,
  memory_mib: u32,
  disk_gib: u32,
  running: bool,
});
export type Report = Infer<typeof Report>;

/** What the agenda does when a moment comes; the number is the id of the order, which its lease shares. */
export const Task = variant('hamster_primitives::LeaseTask', {
  ExpireOrder: u64,
  CheckLease: u64,
  Forget: u64,
});
export type Task = Infer<typeof Task>;

export const Parameters = struct('hamster_primitives::ResourceOrderParameters', {
  /** A billed hour, ms. */
  hour: u64,
  /** How long a provider may take to accept an order, ms. */
  order_timeout: u64,
  /** How often a provider reports, ms. */
  heartbeat_interval: u64,
  /** Silence that suspends a lease, and silence that ends it as a fault; ms. */
  suspend_after: u64,
  fault_after: u64,
  /** Longest lease, in hours. */
  max_hours: u32,
  /** Smallest slice. */
  min_cpu_cores: u32,
  min_memory_mib: u32,
  min_disk_gib: u32,
  /** A provider locks the rent of the lease, at most of so many hours. */
  collateral_hours_max: u32,
  /** What a renter pays after leaving, in hours. */
  notice_hours: u32,
  /** The part of the collateral that a provider loses to the renter by leaving. */
  provider_terminate_penalty: Permill,
  /** Parts of the rent that go to the three pots. */
  fee_gateways: Permill,
  fee_validators: Permill,
  fee_treasury: Permill,
  /** How long closed orders and leases stay readable, ms. */
  retention: u64,
  /** Tasks of the agenda that a block does at most. */
  due_per_block: u32,
});
export type Parameters = Infer<typeof Parameters>;
