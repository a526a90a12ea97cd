import type { DomainRef, Libvirt } from '@hamster/libvirt';
import { LibvirtError } from '@hamster/libvirt';
import type { MachineOrder } from '../driver.ts';
import { createDisk, hasDisk } from './disk.ts';
import type { Acceleration } from './domain-xml.ts';
import { domainXml } from './domain-xml.ts';
import { hostAddresses } from './filter.ts';
import { findMachine, powerOf, powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import type { MachineMetadata } from './metadata.ts';
import type { MachineNames } from './names.ts';
import { ensureNetwork, isAddressConflict, removeNetwork } from './network.ts';
import type { LibvirtDriverModules, MachineLimits } from './options.ts';
import type { Subnet } from './subnets.ts';
import { orderConflict, sameOrder } from '../order.ts';
import type { VerifiedImage } from '../images/catalogue.ts';

/** What making machines needs of the driver. */
export type Workshop = {
  modules: LibvirtDriverModules;
  limits: MachineLimits;
  emulator: string;
  filtered: boolean;
  acceleration(): Promise<Acceleration>;
  /** Chooses addresses and calls `define` before anyone else may choose. */
  withSubnet<T>(libvirt: Libvirt, define: (subnet: Subnet) => Promise<T>): Promise<T>;
  /** Whether the kernel shapes traffic; learnt from the first machine that cannot start because of it. */
  shaping: { works: boolean };
};

/**
 * The definition comes first and holds all that the other steps need, so whatever an interruption leaves behind can be
 * found by the domain's name, continued or removed.
 */
export async function createMachine(
  workshop: Workshop,
  libvirt: Libvirt,
  { order, names, signal }: { order: MachineOrder; names: MachineNames; signal?: AbortSignal | undefined },
): Promise<MachineMetadata> {
  const found = await findMachine(libvirt, names);
  if (found && !sameOrder(found.metadata.order, order)) throw orderConflict(order.leaseId);
  if (found && (await hasDisk(names.disk))) {
    await ensureNetwork(libvirt, names, found.metadata);
    await startMachine(libvirt, found.domain);
    return found.metadata;
  }
  // A definition without a disk may refer to an image that was rebuilt since.
  if (found) await libvirt.domains.undefine(found.domain);
  const entry = await workshop.modules.catalogue.get(order.image);
  const image = await workshop.modules.catalogue.verify(entry, signal);
  const made = await defineWithNetwork(workshop, libvirt, { order, names, image });
  signal?.throwIfAborted();
  const disk = { path: names.disk, diskGib: order.spec.diskGib, base: image.disk };
  await createDisk(workshop.modules.run, disk, signal);
  await firstStart(workshop, libvirt, { made, names, image });
  return made.metadata;
}

/** Makes a defined domain run, whatever it does now. */
export async function startMachine(libvirt: Libvirt, domain: DomainRef): Promise<void> {
  const power = await powerOf(libvirt, domain);
  if (power === 'running') return;
  if (power === 'held') return libvirt.domains.resume(domain);
  if (power === 'stopping') await powerOff(libvirt, domain);
  await libvirt.domains.start(domain);
}

const MAX_ADDRESS_ATTEMPTS = 5;

type Definition = { order: MachineOrder; names: MachineNames; image: VerifiedImage };

// Another process may choose the same addresses at the same time; libvirt lets only one network up.
async function defineWithNetwork(
  workshop: Workshop,
  libvirt: Libvirt,
  parts: Definition,
): Promise<FoundMachine> {
  for (let attempt = 1; ; attempt += 1) {
    const made = await define(workshop, libvirt, parts);
    try {
      await ensureNetwork(libvirt, parts.names, made.metadata);
      return made;
    } catch (error) {
      if (!isAddressConflict(error) || attempt === MAX_ADDRESS_ATTEMPTS) throw error;
      await removeNetwork(libvirt, parts.names);
      await libvirt.domains.undefine(made.domain);
    }
  }
}

async function define(
  workshop: Workshop,
  libvirt: Libvirt,
  { order, names, image }: Definition,
): Promise<FoundMachine> {
  return workshop.withSubnet(libvirt, async (subnet) => {
    const metadata = { order, loginUser: image.entry.loginUser, ...subnet };
    return { domain: await defineWith(workshop, libvirt, { metadata, names, image }), metadata };
  });
}

async function defineWith(
  workshop: Workshop,
  libvirt: Libvirt,
  parts: { metadata: MachineMetadata; names: MachineNames; image: VerifiedImage },
): Promise<DomainRef> {
  const { emulator, limits, filtered, shaping } = workshop;
  const text = domainXml({
    ...parts,
    emulator,
    limits,
    acceleration: await workshop.acceleration(),
    hostAddresses: filtered ? hostAddresses() : undefined,
    shapeTraffic: shaping.works,
  });
  return libvirt.domains.define(text);
}

// Some kernels lack the queueing disciplines that libvirt sets up; a machine without a bandwidth limit is better than none.
async function firstStart(
  workshop: Workshop,
  libvirt: Libvirt,
  { made, names, image }: { made: FoundMachine; names: MachineNames; image: VerifiedImage },
): Promise<void> {
  try {
    await startMachine(libvirt, made.domain);
  } catch (error) {
    if (!workshop.shaping.works || !isShapingError(error)) throw error;
    workshop.shaping.works = false;
    const domain = await defineWith(workshop, libvirt, { metadata: made.metadata, names, image });
    await startMachine(libvirt, domain);
  }
}

function isShapingError(error: unknown): boolean {
  return error instanceof LibvirtError && /\btc\b|qdisc|bandwidth/i.test(error.message);
}
