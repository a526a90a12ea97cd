import type { Capacity, MachineSpec } from './machine.ts';

export const NO_CAPACITY: Capacity = { cpu_cores: 0, memory_mib: 0, disk_gib: 0, gpus: 0 };

export const isEmpty = (capacity: Capacity): boolean =>
  capacity.cpu_cores === 0 && capacity.memory_mib === 0 && capacity.disk_gib === 0;

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
