import { boundedBytes, type Infer, struct, u128, u32, variant } from '@hamster/scale';

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

/** Longest texts, in bytes. */
export const MAX_TEXT = {
  peerId: 64,
  image: 64,
  region: 32,
  cpuModel: 64,
  sshKey: 1024,
  multiaddr: 128,
} as const;

export const PeerIdBytes = boundedBytes(MAX_TEXT.peerId);
export const ImageName = boundedBytes(MAX_TEXT.image);
export const RegionName = boundedBytes(MAX_TEXT.region);
export const CpuModel = boundedBytes(MAX_TEXT.cpuModel);
export const SshKey = boundedBytes(MAX_TEXT.sshKey);
export const Multiaddr = boundedBytes(MAX_TEXT.multiaddr);

/** Whether `inner` fits into `outer` in every dimension. */
export const fits = (inner: MachineSpec, outer: MachineSpec): boolean =>
  inner.cpu_cores <= outer.cpu_cores &&
  inner.memory_mib <= outer.memory_mib &&
  inner.disk_gib <= outer.disk_gib;
