import { readFile, statfs } from 'node:fs/promises';
import os from 'node:os';
import type { MachineSpec } from '../driver.ts';

const MIB = 1024 * 1024;

/** What this host has in all: CPUs this process may use, installed memory, free space under `directory`. */
export async function hostResources(directory: string): Promise<MachineSpec> {
  const space = await statfs(directory);
  return {
    cpuCores: (await allowedCpus()).length,
    memoryMib: Math.floor(os.totalmem() / MIB),
    diskGib: Math.floor((space.bavail * space.bsize) / (1024 * MIB)),
  };
}

export function hostCpuModel(): string {
  return (os.cpus()[0]?.model ?? 'unknown').trim().slice(0, 64);
}

/** CPU numbers that this process may run on, in order. */
export async function allowedCpus(): Promise<number[]> {
  const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1];
  return list === undefined ? os.cpus().map((_, index) => index) : parseCpuList(list);
}

/** "0-2,5" → [0, 1, 2, 5] */
export function parseCpuList(list: string): number[] {
  return list.split(',').flatMap((part) => {
    const [first, last] = part.split('-').map(Number);
    if (first === undefined) return [];
    return Array.from({ length: (last ?? first) - first + 1 }, (_, index) => first + index);
  });
}
