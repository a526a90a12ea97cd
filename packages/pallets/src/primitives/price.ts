import { divideUp } from '@hamster/frame';
import type { MachineSpec, Prices } from './machine.ts';

const MIB_PER_GIB = 1024n;

/**
 * Planck for an hour of this slice. Memory is sold by the MiB and priced by the GiB, rounded up to a planck.
 * Not bounded: the caller checks that the sum that it needs is a balance.
 */
export const pricePerHour = (spec: MachineSpec, prices: Prices): bigint =>
  BigInt(spec.cpu_cores) * prices.cpu_core_hour +
  divideUp(BigInt(spec.memory_mib) * prices.memory_gib_hour, MIB_PER_GIB) +
  BigInt(spec.disk_gib) * prices.disk_gib_hour;
