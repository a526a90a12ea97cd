/** What a renter asks for. Memory in MiB, disk in GiB. */
export interface MachineSize {
  readonly cpuCores: number;
  readonly memoryMib: number;
  readonly diskGib: number;
}

/** Planck per billed hour: per core, per GiB of memory, per GiB of disk. */
export interface HourlyPrices {
  readonly cpuCoreHour: bigint;
  readonly memoryGibHour: bigint;
  readonly diskGibHour: bigint;
}

const MIB_PER_GIB = 1024n;

/** Planck per billed hour of a machine of this size, rounded as the chain does it: memory up, to a whole planck. */
export function pricePerHour(size: MachineSize, prices: HourlyPrices): bigint {
  const cpu = BigInt(size.cpuCores) * prices.cpuCoreHour;
  const memory = ceilDiv(BigInt(size.memoryMib) * prices.memoryGibHour, MIB_PER_GIB);
  const disk = BigInt(size.diskGib) * prices.diskGibHour;
  return cpu + memory + disk;
}

/** What is put into escrow for a lease. */
export function escrowFor(hourly: bigint, hours: number): bigint {
  return hourly * BigInt(hours);
}

export function ceilDiv(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}
