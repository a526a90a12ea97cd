import { divideUp } from '@hamster/frame';
import type { Capacity } from '../../primitives/machine.ts';

const MIB_PER_GIB = 1024n;

/** Planck of active stake for each unit that is offered. */
export interface ListingRates {
  readonly stake_per_core: bigint;
  readonly stake_per_memory_gib: bigint;
  readonly stake_per_disk_gib: bigint;
}

/** The active stake that a provider needs so that a machine of this capacity is shown in the market. */
export const minListingStake = (capacity: Capacity, rates: ListingRates): bigint =>
  BigInt(capacity.cpu_cores) * rates.stake_per_core +
  divideUp(BigInt(capacity.memory_mib) * rates.stake_per_memory_gib, MIB_PER_GIB) +
  BigInt(capacity.disk_gib) * rates.stake_per_disk_gib;
