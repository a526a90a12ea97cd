import type { DomainRef } from '@hamster/libvirt';
import { LibvirtError } from '@hamster/libvirt';
import { createDisk, removeDisk } from './disk.ts';
import { powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import type { MachineMetadata } from './metadata.ts';
import { metadataUpdate } from './metadata.ts';
import type { Site } from './workshop.ts';
import { defineMachine, verifyImage } from './workshop.ts';

/** Gives the machine a new disk with its image and starts it. What was on the old one is lost. */
export async function buildDisk(site: Site, { domain, metadata }: FoundMachine): Promise<void> {
  const { libvirt, names, signal } = site;
  const { run } = site.workshop.modules;
  await powerOff(libvirt, domain);
  await removeDisk(names.disk);
  const { disk: base } = await verifyImage(site, metadata.now.image);
  await createDisk(run, { path: names.disk, diskGib: metadata.now.spec.diskGib, base }, signal);
  const ready: MachineMetadata = { ...metadata, phase: 'ready' };
  await libvirt.domains.setMetadata(domain, metadataUpdate(ready));
  await firstStart(site, domain, ready);
}

// Some kernels lack the queueing disciplines that libvirt sets up; a machine without a bandwidth limit is better than none.
async function firstStart(site: Site, domain: DomainRef, metadata: MachineMetadata): Promise<void> {
  const { workshop, libvirt } = site;
  try {
    await libvirt.domains.start(domain);
  } catch (error) {
    if (!(await workshop.shaping.works()) || !isShapingError(error)) throw error;
    workshop.shaping.fails();
    await libvirt.domains.start(await defineMachine(site, metadata));
  }
}

function isShapingError(error: unknown): boolean {
  return error instanceof LibvirtError && /\btc\b|qdisc|bandwidth/i.test(error.message);
}
