import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { seedImage } from '../cloud/seed.ts';
import { writeFileAtomic } from '../host/files.ts';
import type { Acceleration } from './domain-xml.ts';
import { domainXml } from './domain-xml.ts';
import { hostAddresses } from './filter.ts';
import type { MachineMetadata } from './metadata.ts';
import type { MachineNames } from './names.ts';
import type { LibvirtDriverModules, MachineLimits } from './options.ts';
import type { Subnet } from '../host/subnets.ts';

/** What making machines needs of the driver. */
export type Workshop = {
  modules: LibvirtDriverModules;
  limits: MachineLimits;
  emulator: string;
  filtered: boolean;
  /** How long a guest gets to power off by itself. */
  graceMs: number;
  acceleration(): Promise<Acceleration>;
  /** Chooses addresses and calls `define` before anyone else may choose. */
  withSubnet<T>(libvirt: Libvirt, define: (subnet: Subnet) => Promise<T>): Promise<T>;
  /** Whether the kernel shapes traffic; learnt from the first machine that cannot start because of it. */
  shaping: { works: boolean };
};

/** One machine under work, and until when. */
export type Site = { workshop: Workshop; libvirt: Libvirt; names: MachineNames; signal: AbortSignal };

/** Makes or replaces the definition that the next start uses. The image's files are verified first. */
export async function defineMachine(
  { workshop, libvirt, names, signal }: Site,
  metadata: MachineMetadata,
): Promise<DomainRef> {
  const { modules, emulator, limits, filtered, shaping } = workshop;
  const image = await modules.catalogue.verify(metadata.now.image, signal);
  if (metadata.now.image.recipe === 'cloud') await writeSeed(names, metadata);
  const text = domainXml({
    names,
    metadata,
    image,
    emulator,
    limits,
    acceleration: await workshop.acceleration(),
    hostAddresses: filtered ? hostAddresses() : undefined,
    shapeTraffic: shaping.works,
  });
  return libvirt.domains.define(text);
}

async function writeSeed({ seed, uuid, mac }: MachineNames, { now }: MachineMetadata): Promise<void> {
  const { image, sshPublicKeys } = now;
  const content = seedImage({ instanceId: uuid, loginUser: image.loginUser, sshPublicKeys, mac });
  await writeFileAtomic(seed, content, 0o644);
}
