import type { MachineSpec } from '@hamster/machines';

/** "1 lease", "2 leases". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "2027-01-31 22:00 UTC" of ms since 1970. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function sizeText({ cpuCores, memoryMib, diskGib }: MachineSpec): string {
  return `${counted(cpuCores, 'core')}, ${memoryMib} MiB of memory, ${diskGib} GiB of disk`;
}
