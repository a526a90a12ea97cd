import type { MachineSpec, Prices } from '../model/primitives.ts';

const MIB_PER_GIB = 1024n;

/** Planck for one billed hour, rounded as on chain: memory up to a whole planck. */
export function pricePerHour(prices: Prices, spec: MachineSpec): bigint {
  const memory = BigInt(spec.memoryMib) * prices.memoryGibHour;
  return (
    BigInt(spec.cpuCores) * prices.cpuCoreHour +
    (memory + MIB_PER_GIB - 1n) / MIB_PER_GIB +
    BigInt(spec.diskGib) * prices.diskGibHour
  );
}

/** What a lease would cost; all of it goes into escrow with the order. */
export interface Quote {
  readonly perHour: bigint;
  readonly hours: number;
  readonly total: bigint;
  /** How long the lease lasts on this chain, in ms. */
  readonly durationMs: number;
}

/** @param hourMs how long a billed hour lasts: `parameters.resourceOrder.hour`. */
export function quote(prices: Prices, spec: MachineSpec, hours: number, hourMs: number): Quote {
  const perHour = pricePerHour(prices, spec);
  return { perHour, hours, total: perHour * BigInt(hours), durationMs: hours * hourMs };
}

/** The active stake that a provider needs so that a machine of this size is shown in the market. */
export function minListingStake(
  capacity: MachineSpec,
  rates: { stakePerCore: bigint; stakePerMemoryGib: bigint; stakePerDiskGib: bigint },
): bigint {
  return pricePerHour(
    {
      cpuCoreHour: rates.stakePerCore,
      memoryGibHour: rates.stakePerMemoryGib,
      diskGibHour: rates.stakePerDiskGib,
    },
    capacity,
  );
}
