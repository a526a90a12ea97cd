import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineSpec } from '../driver.ts';
import { hostResources } from './host-resources.ts';

/** The rest is for the host, for the hypervisor's own memory and for the page cache. */
const MEMORY_SHARE = 0.85;
const BLOCK = 512;
const GIB = 1024 ** 3;
const DISK = /\.(qcow2|ext4)$/;

/**
 * What of this host may be sold in all. Disks grow up to their size, so the space that they already take counts as
 * available, like the free space beside it.
 */
export async function offeredResources(disksDir: string): Promise<MachineSpec> {
  const { cpuCores, memoryMib, diskGib } = await hostResources(disksDir);
  const used = Math.floor((await spaceOf(disksDir)) / GIB);
  return { cpuCores, memoryMib: Math.floor(memoryMib * MEMORY_SHARE), diskGib: diskGib + used };
}

async function spaceOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && DISK.test(entry.name));
  // A disk that is removed meanwhile takes nothing.
  const sizes = files.map(({ parentPath, name }) =>
    stat(join(parentPath, name)).then(
      ({ blocks }) => blocks * BLOCK,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
