import { amount, arm, count, struct } from '../codec/readers.ts';
import type { Read } from '../codec/readers.ts';

/** What a machine has, or how much of it is taken. */
export type Capacity = Read<typeof capacity>;
export const capacity = struct({ cpuCores: count, memoryMib: count, diskGib: count, gpus: count });

/** The slice of a machine that a renter takes. */
export type MachineSpec = Read<typeof machineSpec>;
export const machineSpec = struct({ cpuCores: count, memoryMib: count, diskGib: count });

/** Planck for an hour of one core, of one GiB of memory, of one GiB of disk. */
export type Prices = Read<typeof prices>;
export const prices = struct({ cpuCoreHour: amount, memoryGibHour: amount, diskGibHour: amount });

export type Virtualization = Read<typeof virtualization>;
export const virtualization = arm('Kvm', 'Emulated', 'Container', 'Process');
