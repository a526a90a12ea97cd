import { AccountId } from '@hamster/frame';
import { boundedBytes, option, struct, u128, u32, u64, variant } from '@hamster/scale';

// As it was stored, whatever becomes of today's types: nothing here is shared with them.

const SshKey = boundedBytes(1024);

/** A lease as version 0 of this pallet's storage has it. */
export const LeaseV0 = struct('v0::Lease', {
  renter: AccountId,
  provider: AccountId,
  resource: u64,
  spec: struct('v0::MachineSpec', { cpu_cores: u32, memory_mib: u32, disk_gib: u32 }),
  image: boundedBytes(64),
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
  status: variant('v0::LeaseStatus', {
    Active: null,
    Suspended: null,
    Disputed: null,
    Finished: null,
    Terminated: null,
    Faulted: null,
  }),
  closed: option(
    struct('v0::Closed', {
      at: u64,
      reason: variant('v0::CloseReason', {
        Completed: null,
        TerminatedByRenter: null,
        TerminatedByProvider: null,
        ProviderFault: null,
        ProviderAtFault: null,
      }),
    }),
  ),
  rate_since: u64,
  rate_escrow: u128,
  disputed_at: option(u64),
  time_lost: u64,
});
