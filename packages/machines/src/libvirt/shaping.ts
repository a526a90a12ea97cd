import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What libvirt limits an interface's bandwidth with. */
const DISCIPLINES = ['CONFIG_NET_SCH_HTB', 'CONFIG_NET_SCH_SFQ'];

/**
 * Whether the host's kernel shapes traffic: as its configuration says, where that can be read, and until a machine could
 * not start with it. To find it out by that costs the first machine a start.
 */
export class Shaping {
  #configured: Promise<boolean> | undefined;
  #failed = false;

  async works(): Promise<boolean> {
    this.#configured ??= kernelConfig().then(hasDisciplines);
    return !this.#failed && (await this.#configured);
  }

  fails(): void {
    this.#failed = true;
  }
}

/** True also when nothing is known. */
export function hasDisciplines(config: string): boolean {
  return !DISCIPLINES.some((name) => config.includes(`# ${name} is not set`));
}

async function kernelConfig(): Promise<string> {
  const running = await readFile('/proc/config.gz').then((packed) => promisify(gunzip)(packed), nothing);
  const text = running ?? (await readFile(`/boot/config-${os.release()}`).catch(nothing));
  return text?.toString('latin1') ?? '';
}

function nothing(): undefined {
  return undefined;
}
