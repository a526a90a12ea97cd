import type { MachineSpec } from '@hamster/machines';

/** "1 lease", "2 leases". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function sizeText({ cpuCores, memoryMib, diskGib }: MachineSpec): string {
  return `${counted(cpuCores, 'core')}, ${memoryMib} MiB of memory, ${diskGib} GiB of disk`;
}
