import { mkdir, open, rename, rm, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasErrnoCode, isMissing } from '../host/files.ts';
import type { CommandRunner } from '../host/run-command.ts';

const GIB = 1024 ** 3;
/** "QFI\xfb"; the virtual size is the big-endian u64 at byte 24. */
const MAGIC = 0x514649fb;
const SIZE_OFFSET = 24;

export type DiskOrder = { path: string; diskGib: number; base: string | undefined };

/** Makes a thin qcow2 of the ordered size over `base`, or an empty one. It appears whole or not at all. */
export async function createDisk(
  run: CommandRunner,
  { path, diskGib, base }: DiskOrder,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o711 });
  const temporary = unfinished(path);
  const backing = base === undefined ? [] : ['-F', 'qcow2', '-b', base];
  try {
    await run('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, temporary, `${diskGib}G`], { signal });
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Makes the disk of a machine that does not run larger; its content stays. */
export async function growDisk(
  run: CommandRunner,
  { path, diskGib }: { path: string; diskGib: number },
  signal?: AbortSignal,
): Promise<void> {
  await run('qemu-img', ['resize', '-q', '-f', 'qcow2', path, `${diskGib}G`], { signal });
}

/** Size that the guest sees, in whole GiB, read from the image itself; undefined when there is no disk. */
export async function diskSizeGib(path: string): Promise<number | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    if (bytesRead < 32 || buffer.readUInt32BE(0) !== MAGIC) return undefined;
    return Math.floor(Number(buffer.readBigUInt64BE(SIZE_OFFSET)) / GIB);
  } finally {
    await file.close();
  }
}

/**
 * Empties the file first, so that its blocks are free even while some process still has it open. Without being root
 * this fails as long as the file belongs to the hypervisor's account; the name can be removed all the same.
 */
export async function removeDisk(path: string): Promise<void> {
  await truncate(path, 0).catch((error: unknown) => {
    if (!isMissing(error) && !hasErrnoCode(error, 'EACCES')) throw error;
  });
  await rm(path, { force: true });
  await rm(unfinished(path), { force: true });
}

/** What a process that was killed while it made the disk leaves behind. */
function unfinished(path: string): string {
  return `${path}.new`;
}

export async function hasDisk(path: string): Promise<boolean> {
  return (await diskSizeGib(path)) !== undefined;
}
