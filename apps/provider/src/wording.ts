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

/** "90 minutes", "2 hours", "7 days": the largest unit in which it is a whole number. */
export function durationText(ms: number): string {
  const [unit, length] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? ['minute', MINUTE_MS];
  return counted(Math.ceil(ms / length), unit);
}

const MINUTE_MS = 60_000;
const UNITS = [
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
] as const;
