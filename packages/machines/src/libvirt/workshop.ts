import type { DomainRef, Libvirt } from '@hamster/libvirt';
import type { Located } from '../images/catalogue.ts';
import type { MachineImage } from '../images/entry.ts';
import { ensureHostIdentity } from '../ssh/host-identity.ts';
import { seedImage } from '../cloud/seed.ts';
import { writeFileAtomic } from '../host/files.ts';
import { hostNameOf } from '../names.ts';
import type { Acceleration, DomainDescription } from './domain-xml.ts';
import { domainXml } from './domain-xml.ts';
import { publicAddresses } from './filter.ts';
import type { MachineMetadata } from './metadata.ts';
import type { MachineNames } from './names.ts';
import type { LibvirtDriverModules, MachineLimits } from './options.ts';
import type { Subnet } from '../host/subnets.ts';
import type { Shaping } from './shaping.ts';

/** What making machines needs of the driver. */
export type Workshop = {
  modules: LibvirtDriverModules;
  limits: MachineLimits;
  emulator: string;
  filtered: boolean;
  /** How long a guest gets to power off by itself. */
  graceMs: number;
  acceleration(): Promise<Acceleration>;
  /** Chooses addresses, in none of the ranges of `refused` ones, and calls `define` before anyone else may choose. */
  withSubnet<T>(
    libvirt: Libvirt,
    refused: readonly string[],
    define: (subnet: Subnet) => Promise<T>,
  ): Promise<T>;
  shaping: Shaping;
  warn(leaseId: string, text: string): void;
};

/** One machine under work, until when, and what of images was verified for this piece of work. */
export type Site = {
  workshop: Workshop;
  libvirt: Libvirt;
  names: MachineNames;
  signal: AbortSignal;
  verified: Map<string, Promise<Located<MachineImage>>>;
};

/**
 * The image's files after their hashes were compared, as before every start. It takes a second for a large disk: once is
 * enough for one piece of work.
 */
export function verifyImage(
  { workshop, signal, verified }: Site,
  image: MachineImage,
): Promise<Located<MachineImage>> {
  const key = `${image.name}/${image.version}`;
  const found = verified.get(key) ?? workshop.modules.catalogue.verify(image, signal);
  verified.set(key, found);
  return found;
}

/** Makes or replaces the definition that the next start uses; that start verifies the image's files. */
export async function defineMachine(site: Site, metadata: MachineMetadata): Promise<DomainRef> {
  await handInHostKey(site.names, metadata);
  return site.libvirt.domains.define(domainXml(await describeMachine(site, metadata)));
}

/** All that the definition is made of. */
export async function describeMachine(
  { workshop, names }: Site,
  metadata: MachineMetadata,
): Promise<DomainDescription> {
  const { emulator, limits, filtered, shaping } = workshop;
  return {
    names,
    metadata,
    image: await workshop.modules.catalogue.locate(metadata.now.image),
    emulator,
    limits,
    acceleration: await workshop.acceleration(),
    hostAddresses: filtered ? publicAddresses() : undefined,
    shapeTraffic: await shaping.works(),
  };
}

// Neither in the definition nor in QEMU's arguments, which others on the host can read. libvirt gives the files to the
// account that runs QEMU when it starts the machine.
async function handInHostKey(names: MachineNames, { order, now }: MachineMetadata): Promise<void> {
  const hostKey = await ensureHostIdentity(names.hostKey);
  const { seed, uuid, mac, hostKeyFiles } = names;
  const { image, sshPublicKeys } = now;
  if (image.recipe === 'cloud') {
    const hostName = hostNameOf(order.leaseId);
    const { loginUser } = image;
    const content = seedImage({ instanceId: uuid, hostName, loginUser, sshPublicKeys, mac, hostKey });
    return writeFileAtomic(seed, content);
  }
  await writeFileAtomic(hostKeyFiles.openssh, hostKey.openssh);
  await writeFileAtomic(hostKeyFiles.dropbear, hostKey.dropbear);
}
