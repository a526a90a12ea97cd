import type { MachineSpec } from './driver.ts';
import { MachineError } from './errors.ts';
import type { ImageEntry } from './images/entry.ts';

/** Throws `InvalidOrder` when the image needs more, `InsufficientCapacity` when the host has less. */
export function checkFits(image: ImageEntry, spec: MachineSpec, offered: MachineSpec): void {
  checkMinimum(image, spec);
  const { cpuCores, memoryMib } = offered;
  if (spec.cpuCores <= cpuCores && spec.memoryMib <= memoryMib) return;
  throw new MachineError('InsufficientCapacity', `this host offers ${cpuCores} CPUs and ${memoryMib} MiB`);
}

export function checkMinimum({ name, minMemoryMib, minDiskGib }: ImageEntry, spec: MachineSpec): void {
  if (spec.memoryMib >= minMemoryMib && spec.diskGib >= minDiskGib) return;
  const needs = `${minMemoryMib} MiB of memory and ${minDiskGib} GiB of disk`;
  throw new MachineError('InvalidOrder', `image ${name} needs at least ${needs}`);
}
