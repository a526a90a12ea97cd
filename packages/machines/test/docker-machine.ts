import { mkdtemp, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { buildImage, createDockerDriver, imageCatalogue } from '../src/index.ts';
import type { DockerDriverOptions, ImageCatalogue, MachineDriver } from '../src/index.ts';
import { dockerRequirement, requirement } from '../src/testing/index.ts';
import type { Requirement } from '../src/testing/index.ts';

/** Containers need Docker's daemon and the root account, for disks and firewall. */
export async function containerRequirements(): Promise<Requirement[]> {
  const root = await requirement('docker', () =>
    process.getuid?.() === 0 ? Promise.resolve() : Promise.reject(new Error('not root')),
  );
  return [await dockerRequirement(), root];
}

/** A world of its own on the host's Docker: other chain, other directory, an image built for it. */
export class DockerWorld {
  readonly chain = randomUUID();
  readonly docker = new Docker();
  stateDir = '';

  get catalogue(): ImageCatalogue {
    return imageCatalogue(join(this.stateDir, 'catalogue'));
  }

  async setUp(): Promise<void> {
    this.stateDir = await mkdtemp(join(os.tmpdir(), 'hamster-docker-'));
    await buildImage('container-tiny', this.catalogue);
  }

  driver(options: Partial<DockerDriverOptions> = {}): MachineDriver {
    return createDockerDriver({ chain: this.chain, stateDir: this.stateDir, ...options });
  }

  async tearDown(): Promise<void> {
    await rm(this.stateDir, { recursive: true, force: true });
  }

  /** Names of all that is left on the host of this world's machines. */
  async remains(): Promise<string[]> {
    const filters = { label: [`hamster.chain=${this.chain}`] };
    const containers = await this.docker.listContainers({ all: true, filters });
    const networks = await this.docker.listNetworks({ filters });
    return [...containers.map(({ Id }) => Id), ...networks.map(({ Name }) => Name)];
  }
}
