import { AccountId } from '@hamster/frame';
import {
  bool,
  boundedBytes,
  field,
  type Infer,
  option,
  struct,
  u128,
  u32,
  u64,
  variant,
  vec,
} from '@hamster/scale';

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

/** Times of one lease at other prices, ahead of the present one: as many as its extensions may add. */
export const MAX_STRETCHES = 8;

/** Hours that were added to a lease at a price of their own: `escrow` pays for the time from `from` to the next one, or to the end. */
export const Stretch = struct('hamster_primitives::Stretch', {
  from: u64,
  price_per_hour: u128,
  escrow: u128,
});
export type Stretch = Infer<typeof Stretch>;

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
  /** The rent is even: `rate_escrow` pays for the time from `rate_since` to the first of `later`, or to `ends_at`. */
  rate_since: u64,
  rate_escrow: u128,
  /** Since when it is disputed, and how long it has stood still because of disputes, ms. */
  disputed_at: option(u64),
  time_lost: u64,
  /** What was added at another price, the earliest first. */
  later: vec(Stretch, { max: MAX_STRETCHES }),
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
  hour: field(u64, 'A billed hour, ms.'),
  order_timeout: field(u64, 'How long a provider may take to accept an order, ms.'),
  heartbeat_interval: field(u64, 'How often a provider reports, ms.'),
  suspend_after: field(u64, 'Silence that suspends a lease, ms.'),
  fault_after: field(u64, 'Silence that ends a lease as a fault, ms.'),
  max_hours: field(u32, 'Longest lease, hours.'),
  min_cpu_cores: field(u32, 'Cores of the smallest slice.'),
  min_memory_mib: field(u32, 'Memory of the smallest slice, MiB.'),
  min_disk_gib: field(u32, 'Disk of the smallest slice, GiB.'),
  collateral_hours_max: field(
    u32,
    'A provider locks the rent of the lease as collateral, at most of so many hours.',
  ),
  notice_hours: field(u32, 'What a renter pays after leaving, hours.'),
  provider_terminate_penalty: field(
    Permill,
    'The part of the collateral that a provider loses to the renter by leaving, millionths.',
  ),
  fee_gateways: field(Permill, 'The part of the rent that goes to the gateways, millionths.'),
  fee_validators: field(Permill, 'The part of the rent that goes to the validators, millionths.'),
  fee_treasury: field(Permill, 'The part of the rent that goes to the treasury, millionths.'),
  retention: field(u64, 'How long closed orders and leases stay readable, ms.'),
  due_per_block: field(u32, 'Tasks of the agenda that a block does at most.'),
});
export type Parameters = Infer<typeof Parameters>;
