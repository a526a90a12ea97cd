import { requirement, type Requirement } from '@hamster/libvirt/testing';
import { mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/index.ts';

const BLOCK = Buffer.alloc(64 * 1024);

/** A file system in memory, which takes of it only what is in it, and can be filled to the last byte. */
export class SmallDisk {
  readonly path: string;
  readonly #mebibytes: number;

  private constructor(path: string, mebibytes: number) {
    this.path = path;
    this.#mebibytes = mebibytes;
  }

  /** Mounts it at that path; throws where this account may not. */
  static async at(path: string, mebibytes: number): Promise<SmallDisk> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0700`, 'hamster-test', path);
    return new SmallDisk(path, mebibytes);
  }

  /** Until not a byte more goes in. */
  async fill(): Promise<void> {
    const { blocks, bavail, bsize } = await statfs(this.path);
    await this.#resize(`${(blocks - bavail) * bsize + BLOCK.length}`);
    const file = await open(this.#filler, 'w');
    try {
      for (let size = BLOCK.length; size >= 1; size = Math.floor(size / 2)) {
        while (await fits(() => file.write(BLOCK, 0, size))) continue;
      }
    } finally {
      await file.close();
    }
  }

  async makeRoom(): Promise<void> {
    await rm(this.#filler, { force: true });
    await this.#resize(`${this.#mebibytes}m`);
  }

  #resize(size: string): Promise<void> {
    return run('mount', '-o', `remount,size=${size}`, this.path);
  }

  unmount(): Promise<void> {
    return run('umount', this.path);
  }

  get #filler(): string {
    return join(this.path, 'filler');
  }
}

export function smallDiskRequirement(): Promise<Requirement> {
  return requirement('mount', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hamster-mount-'));
    try {
      await (await SmallDisk.at(folder, 1)).unmount();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function fits(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await runProgram(program, args, { signal: AbortSignal.timeout(20_000) });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
}
