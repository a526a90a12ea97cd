import type { KeysEffect, MachineSpec } from '../driver.ts';
import { MachineError, machineStopped } from '../errors.ts';
import type { MachineImage } from '../images/entry.ts';
import { checkKeys } from '../order.ts';
import { bringUp } from './create-machine.ts';
import { diskSizeGib, growDisk } from './disk.ts';
import { powerOf } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import { metadataUpdate } from './metadata.ts';
import type { MachineMetadata } from './metadata.ts';
import { stopMachine } from './stop-machine.ts';
import { defineMachine } from './workshop.ts';
import type { Site } from './workshop.ts';

const DISK = 'vda';
const GIB = 1024n ** 3n;

/** What its renter wants is recorded before it is done, so that a crash in between changes nothing of it. */
export async function stop(site: Site, { domain, metadata }: FoundMachine): Promise<void> {
  await record(site, { domain, metadata: { ...metadata, wanted: 'stopped' } });
  await stopMachine(site, domain);
}

export async function start(site: Site, { domain, metadata }: FoundMachine): Promise<void> {
  const wanted: MachineMetadata = { ...metadata, wanted: 'running' };
  if (metadata.wanted !== 'running') await record(site, { domain, metadata: wanted });
  await bringUp(site, { domain, metadata: wanted });
}

/** A new QEMU process rather than a reset, so that a definition that changed since the last start counts. */
export async function reboot(site: Site, found: FoundMachine): Promise<void> {
  if (found.metadata.wanted === 'stopped') throw stoppedOf(found);
  await stopMachine(site, found.domain);
  await bringUp(site, found);
}

export async function reset({ libvirt }: Site, found: FoundMachine): Promise<void> {
  if ((await powerOf(libvirt, found.domain)) !== 'running') throw stoppedOf(found);
  await libvirt.domains.reset(found.domain);
}

export async function reinstall(site: Site, { metadata }: FoundMachine, image: MachineImage): Promise<void> {
  const now = { ...metadata.now, image };
  const next: MachineMetadata = { ...metadata, now, phase: 'building', wanted: 'running' };
  await bringUp(site, { domain: await defineMachine(site, next), metadata: next });
}

/** CPUs and memory change with a new start, the disk also while the machine runs. */
export async function resize(
  site: Site,
  { domain, metadata }: FoundMachine,
  spec: MachineSpec,
): Promise<void> {
  const next: MachineMetadata = { ...metadata, now: { ...metadata.now, spec } };
  await defineMachine(site, next);
  const running = (await powerOf(site.libvirt, domain)) !== 'off';
  if (running && (await hasResources(site, domain, spec))) {
    return site.libvirt.domains.blockResize(domain, DISK, BigInt(spec.diskGib) * GIB);
  }
  await stopMachine(site, domain);
  const size = (await diskSizeGib(site.names.disk)) ?? spec.diskGib;
  if (size < spec.diskGib)
    await growDisk(site.workshop.modules.run, { path: site.names.disk, ...spec }, site.signal);
  if (metadata.wanted === 'running') await bringUp(site, { domain, metadata: next });
}

/** The keys come with the definition, which a running machine has read already. */
export async function setKeys(
  site: Site,
  { metadata }: FoundMachine,
  sshPublicKeys: readonly string[],
): Promise<KeysEffect> {
  checkKeys(sshPublicKeys);
  const { image } = metadata.now;
  if (image.recipe === 'cloud') {
    const message = `image ${image.name} takes keys at its first boot only: add keys from inside, or reinstall`;
    throw new MachineError('Unsupported', message);
  }
  await defineMachine(site, { ...metadata, now: { ...metadata.now, sshPublicKeys } });
  return 'next-start';
}

async function record({ libvirt }: Site, { domain, metadata }: FoundMachine): Promise<void> {
  await libvirt.domains.setMetadata(domain, metadataUpdate(metadata));
}

async function hasResources(
  { libvirt }: Site,
  domain: FoundMachine['domain'],
  spec: MachineSpec,
): Promise<boolean> {
  const { vcpus, maxMemoryKib } = await libvirt.domains.info(domain);
  return vcpus === spec.cpuCores && maxMemoryKib === BigInt(spec.memoryMib) * 1024n;
}

function stoppedOf({ metadata }: FoundMachine): Error {
  return machineStopped(metadata.order.leaseId);
}
