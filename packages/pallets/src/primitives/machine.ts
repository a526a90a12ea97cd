import { boundedBytes, struct, u128, u32, variant, type Infer } from '@hamster/scale';

/** What a machine has, or how much of it is taken. */
export const Capacity = struct('hamster_primitives::Capacity', {
  cpu_cores: u32,
  memory_mib: u32,
  disk_gib: u32,
  /** Reserved: always 0. */
  gpus: u32,
});
export type Capacity = Infer<typeof Capacity>;

/** The slice of a machine that a renter takes. */
export const MachineSpec = struct('hamster_primitives::MachineSpec', {
  cpu_cores: u32,
  memory_mib: u32,
  disk_gib: u32,
});
export type MachineSpec = Infer<typeof MachineSpec>;

/** Planck for an hour of one core, of one GiB of memory, of one GiB of disk. */
export const Prices = struct('hamster_primitives::Prices', {
  cpu_core_hour: u128,
  memory_gib_hour: u128,
  disk_gib_hour: u128,
});
export type Prices = Infer<typeof Prices>;

export const Virtualization = variant('hamster_primitives::Virtualization', {
  Kvm: null,
  Emulated: null,
  Container: null,
  Process: null,
});
export type Virtualization = Infer<typeof Virtualization>;

export const NO_CAPACITY: Capacity = { cpu_cores: 0, memory_mib: 0, disk_gib: 0, gpus: 0 };

export const isEmpty = (capacity: Capacity): boolean =>
  capacity.cpu_cores === 0 && capacity.memory_mib === 0 && capacity.disk_gib === 0;

export const PeerIdBytes = boundedBytes(64);
export const ImageName = boundedBytes(64);
export const RegionName = boundedBytes(32);
export const CpuModel = boundedBytes(64);
export const SshKey = boundedBytes(1024);
export const Multiaddr = boundedBytes(128);

/** Whether `inner` fits into `outer` in every dimension. */
export const fits = (inner: MachineSpec, outer: MachineSpec): boolean =>
  inner.cpu_cores <= outer.cpu_cores &&
  inner.memory_mib <= outer.memory_mib &&
  inner.disk_gib <= outer.disk_gib;

/** What is left of `whole` without `part`, which must fit. */
export const without = (whole: Capacity, part: MachineSpec): Capacity => ({
  cpu_cores: whole.cpu_cores - part.cpu_cores,
  memory_mib: whole.memory_mib - part.memory_mib,
  disk_gib: whole.disk_gib - part.disk_gib,
  gpus: whole.gpus,
});

export const together = (whole: Capacity, part: MachineSpec): Capacity => ({
  cpu_cores: whole.cpu_cores + part.cpu_cores,
  memory_mib: whole.memory_mib + part.memory_mib,
  disk_gib: whole.disk_gib + part.disk_gib,
  gpus: whole.gpus,
});
