import { chown, mkdir, open, readFile, rm, rmdir, stat, statfs, truncate } from 'node:fs/promises';
import { isMissing } from '../host/files.ts';
import type { CommandRunner } from '../host/run-command.ts';
import type { ContainerNames } from './names.ts';

const GIB = 1024 ** 3;
// Nothing in there works as a device, or as another account, on the host.
const MOUNT_OPTIONS = 'loop,nodev,nosuid,noatime';

type Volume = Pick<ContainerNames, 'disk' | 'data'>;
export type Owner = { uid: number; gid: number };

/** Works on the file systems of machines: each in a file of its own, as large as ordered, which limits it whatever Docker can. */
export class Volumes {
  readonly #run: CommandRunner;

  constructor(run: CommandRunner) {
    this.#run = run;
  }

  /** A new and empty one in place of what was there. `owner` is who is root in the container. */
  async make(volume: Volume, diskGib: number, owner: Owner, signal: AbortSignal): Promise<void> {
    await this.remove(volume, signal);
    const file = await open(volume.disk, 'w', 0o600);
    await file.truncate(diskGib * GIB).finally(() => file.close());
    const root = `root_owner=${owner.uid}:${owner.gid}`;
    const lazy = 'lazy_itable_init=1,lazy_journal_init=1,nodiscard';
    await this.#run('mke2fs', ['-q', '-F', '-t', 'ext4', '-m', '0', '-E', `${lazy},${root}`, volume.disk], {
      signal,
    });
  }

  async mount({ disk, data }: Volume, signal: AbortSignal): Promise<void> {
    await mkdir(data, { recursive: true, mode: 0o711 });
    if (await isMounted(data)) return;
    await this.#run('mount', ['-o', MOUNT_OPTIONS, '-t', 'ext4', disk, data], { signal });
  }

  /** Makes it larger. It must not be in use, since not every host lets a file system grow under its users. */
  async grow(volume: Volume, diskGib: number, signal: AbortSignal): Promise<void> {
    await this.#unmount(volume, signal);
    await truncate(volume.disk, diskGib * GIB);
    // An exit status of 1 says that something was repaired, which "-p" does only where it is safe.
    await this.#run('sh', ['-c', 'e2fsck -f -p "$0" || [ $? = 1 ]', volume.disk], { signal });
    await this.#run('resize2fs', [volume.disk], { signal });
  }

  /** Unmounts, empties and unlinks. */
  async remove({ disk, data }: Volume, signal: AbortSignal): Promise<void> {
    await this.#unmount({ disk, data }, signal);
    await truncate(disk, 0).catch(unlessMissing);
    await rm(disk, { force: true });
    await rmdir(data).catch(unlessMissing);
  }

  async #unmount({ data }: Volume, signal: AbortSignal): Promise<void> {
    if (await isMounted(data)) await this.#run('umount', [data], { signal });
  }
}

/** Number of the device that is mounted there, as the kernel writes it: "7:3". Undefined when none is. */
export async function deviceOf(data: string): Promise<string | undefined> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  const lines = table.split('\n').map((line) => line.split(' '));
  return lines.find((fields) => fields[4] === data)?.[2];
}

/** Whole GiB that the machine's disk has, 0 when there is none. */
export async function diskSizeGib(disk: string): Promise<number> {
  return Math.floor((await sizeOf(disk)) / GIB);
}

/** Bytes that files take in a mounted volume. */
export async function usedBytes(data: string): Promise<number> {
  if (!(await isMounted(data))) return 0;
  const { blocks, bfree, bsize } = await statfs(data);
  return (blocks - bfree) * bsize;
}

/** Gives what the driver writes for a machine to whoever is root in it. */
export async function handOver(path: string, { uid, gid }: Owner): Promise<void> {
  if (uid !== 0 || gid !== 0) await chown(path, uid, gid);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

// The kernel writes blanks in paths as octal; ours have none.
async function isMounted(path: string): Promise<boolean> {
  const table = await readFile('/proc/self/mounts', 'utf8');
  return table.split('\n').some((line) => line.split(' ')[1] === path);
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
