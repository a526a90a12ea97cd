import { LibvirtError } from '@hamster/libvirt';
import { closeLinks } from './close-link.ts';
import { renewConsoleLog } from './console-log.ts';
import { createDisk, removeDisk } from './disk.ts';
import { domainXml } from './domain-xml.ts';
import { besideOtherFirewalls } from './firewall-race.ts';
import { networkInterface } from './interface-xml.ts';
import { powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import type { MachineMetadata } from './metadata.ts';
import { metadataUpdate } from './metadata.ts';
import type { Site } from './workshop.ts';
import { defineMachine, describeMachine, verifyImage } from './workshop.ts';
import { isUnclaimed } from './warm/warm-key.ts';
import { renderXml } from './xml.ts';

/** Gives the machine a new disk with its image and starts it. What was on the old one is lost. */
export async function buildDisk(site: Site, { domain, metadata }: FoundMachine): Promise<void> {
  const { libvirt, names, signal } = site;
  const { run } = site.workshop.modules;
  await powerOff(libvirt, domain);
  await removeDisk(names.disk);
  const { disk: base } = await verifyImage(site, metadata.now.image);
  await createDisk(run, { path: names.disk, diskGib: metadata.now.spec.diskGib, base }, signal);
  await firstStart(site, metadata);
  // Whoever boots it ahead says when it is ready: somebody may claim it from then on.
  if (isUnclaimed(metadata.order)) return;
  await libvirt.domains.setMetadata(domain, metadataUpdate({ ...metadata, phase: 'ready' }));
}

// Some kernels lack the queueing disciplines that libvirt sets up; a machine without a bandwidth limit is better than none.
async function firstStart(site: Site, metadata: MachineMetadata): Promise<void> {
  const { shaping } = site.workshop;
  try {
    await startPulled(site, metadata);
  } catch (error) {
    if (!(await shaping.works()) || !isShapingError(error)) throw error;
    shaping.fails();
    await defineMachine(site, metadata);
    await startPulled(site, metadata);
  }
}

/**
 * libvirt sets the filter up by more than a hundred programs, and starts QEMU after the last. So the guest starts with its
 * link pulled and boots meanwhile; its link is put in when the filter is there. A start that does not get so far is none:
 * the machine is still "building". Every later start goes by the definition, which has the filter.
 */
async function startPulled(site: Site, metadata: MachineMetadata): Promise<void> {
  const { libvirt, names, signal } = site;
  await renewConsoleLog(names.consoleLog);
  const description = await describeMachine(site, metadata);
  const link = renderXml(networkInterface(description, 'up'));
  const domain = await libvirt.domains.create(domainXml(description, 'pulled'));
  try {
    await closeLinks(site, domain);
    // libvirt puts the link in behind the filter.
    await besideOtherFirewalls(libvirt, () => libvirt.domains.updateDevice(domain, link), signal);
  } catch (error) {
    await powerOff(libvirt, domain);
    throw error;
  }
}

function isShapingError(error: unknown): boolean {
  return error instanceof LibvirtError && /\btc\b|qdisc|bandwidth/i.test(error.message);
}
