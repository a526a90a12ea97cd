import { access, chmod, constants, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import {
  buildImage,
  createLibvirtDriver,
  DEFAULT_STATE_DIR,
  imageCatalogue,
  isUpToDate,
} from '../src/index.ts';
import type { LibvirtDriverOptions, MachineDriver } from '../src/index.ts';
import { libvirtRequirement, requirement } from '../src/testing/index.ts';
import type { Requirement } from '../src/testing/index.ts';

/** Virtual machines need the system's libvirt and a place for their disks. */
export async function virtualMachineRequirements(): Promise<Requirement[]> {
  const place = await requirement('libvirt', async () => {
    await mkdir(DEFAULT_STATE_DIR, { recursive: true, mode: 0o711 });
    await access(DEFAULT_STATE_DIR, constants.W_OK);
  });
  return [await libvirtRequirement(), place];
}

/** Images are built by root alone, from packages that mmdebstrap unpacks. */
export function rootRequirement(): Promise<Requirement> {
  return requirement('libvirt', async () => {
    await access('/root', constants.W_OK);
    await access('/usr/bin/mmdebstrap', constants.X_OK);
  });
}

/** A world of its own on the host's hypervisor: other chain, other directory, the host's images. */
export class TestWorld {
  readonly chain = randomUUID();
  readonly catalogue = imageCatalogue(join(DEFAULT_STATE_DIR, 'catalogue'));
  stateDir = '';

  async setUp(): Promise<void> {
    const tiny = (await this.catalogue.list()).find(({ name }) => name === 'tiny');
    if (tiny === undefined || !(await isUpToDate(tiny))) await buildImage('tiny', this.catalogue);
    this.stateDir = await mkdtemp(join(DEFAULT_STATE_DIR, 'test-'));
    // The hypervisor's account must be able to pass through.
    await chmod(this.stateDir, 0o711);
  }

  driver(options: Partial<LibvirtDriverOptions> = {}): MachineDriver {
    const fixed = { chain: this.chain, stateDir: this.stateDir, stopGraceMs: 20_000 };
    return createLibvirtDriver({ ...fixed, ...options }, { catalogue: this.catalogue });
  }

  async tearDown(): Promise<void> {
    await rm(this.stateDir, { recursive: true, force: true });
  }
}
