import type { DomainRef } from '@hamster/libvirt';
import type { MachineOrder } from '../driver.ts';
import { MachineError } from '../errors.ts';
import type { MachineImage } from '../images/entry.ts';
import { orderConflict, sameOrder } from '../order.ts';
import { buildDisk } from './build-disk.ts';
import { closeLinks } from './close-link.ts';
import { renewConsoleLog } from './console-log.ts';
import { hasDisk } from './disk.ts';
import { besideOtherFirewalls } from './firewall-race.ts';
import { findMachine, powerOf, powerOff } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import type { MachineMetadata } from './metadata.ts';
import { ensureNetwork, isAddressConflict, removeNetwork } from './network.ts';
import type { Site } from './workshop.ts';
import { defineMachine, verifyImage } from './workshop.ts';

const MAX_ADDRESS_ATTEMPTS = 5;

/**
 * The definition comes first and holds all that the other steps need, so whatever an interruption leaves behind can be
 * found by the domain's name, continued or removed.
 */
export async function createMachine(
  site: Site,
  order: MachineOrder,
  findImage: (name: string) => Promise<MachineImage>,
): Promise<MachineMetadata> {
  const { libvirt, names } = site;
  const found = await findMachine(libvirt, names);
  if (found && !sameOrder(found.metadata.order, order)) throw orderConflict(order.leaseId);
  if (found?.metadata.phase === 'ready') {
    await bringUp(site, found);
    return found.metadata;
  }
  // What was not finished may refer to an image that was rebuilt since. Its network has addresses that the next definition does not.
  if (found) {
    await powerOff(libvirt, found.domain);
    await removeNetwork(site);
    await libvirt.domains.undefine(found.domain);
  }
  const image = await findImage(order.image);
  // Hashing takes as long as the network: both at once. The one who needs the files hears of what is wrong with them.
  verifyImage(site, image).catch(() => undefined);
  const made = await defineWithNetwork(site, order, image);
  await bringUp(site, made);
  return made.metadata;
}

/** Makes a machine run, whatever an interruption left of it. */
export async function bringUp(site: Site, found: FoundMachine): Promise<void> {
  const { libvirt, names } = site;
  await ensureNetwork(site, found.metadata);
  if (found.metadata.phase === 'building') return buildDisk(site, found);
  if (!(await hasDisk(names.disk))) {
    const message = `the disk of domain ${names.domain} is gone from ${names.disk}: put it back, or reinstall the machine`;
    throw new MachineError('StateCorrupt', message);
  }
  // What runs has its files open. A claim, too, only goes on with what was verified when it was booted.
  if ((await powerOf(libvirt, found.domain)) === 'off') await verifyImage(site, found.metadata.now.image);
  await besideOtherFirewalls(site.libvirt, () => startDomain(site, found.domain), site.signal);
}

/** Makes a defined domain run, whatever it does now. */
async function startDomain(site: Site, domain: DomainRef): Promise<void> {
  const { libvirt } = site;
  const power = await powerOf(libvirt, domain);
  if (power === 'running') return closeLinks(site, domain);
  if (power === 'stopping') await powerOff(libvirt, domain);
  const held = power === 'held' ? domain : await startPaused(site, domain);
  await closeLinks(site, held);
  await libvirt.domains.resume(held);
}

async function startPaused({ libvirt, names }: Site, domain: DomainRef): Promise<DomainRef> {
  await renewConsoleLog(names.consoleLog);
  return libvirt.domains.start(domain, { paused: true });
}

/**
 * Another process may choose the same addresses at the same time; libvirt lets only one network up. And what a killed libvirt left
 * may listen at addresses that no interface has any more: they are refused for as long as that lives.
 */
export async function defineWithNetwork(
  site: Site,
  order: MachineOrder,
  image: MachineImage,
): Promise<FoundMachine> {
  const { libvirt } = site;
  const refused: string[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const made = await define(site, order, image, refused);
    try {
      await ensureNetwork(site, made.metadata);
      return made;
    } catch (error) {
      if (!isAddressConflict(error) || attempt === MAX_ADDRESS_ATTEMPTS) throw error;
      await removeNetwork(site);
      await libvirt.domains.undefine(made.domain);
      refused.push(made.metadata.address);
    }
  }
}

async function define(
  site: Site,
  order: MachineOrder,
  image: MachineImage,
  refused: readonly string[],
): Promise<FoundMachine> {
  const { spec, sshPublicKeys } = order;
  return site.workshop.withSubnet(site.libvirt, refused, async (subnet) => {
    const metadata: MachineMetadata = {
      order,
      now: { spec, sshPublicKeys, image },
      phase: 'building',
      wanted: 'running',
      ...subnet,
    };
    return { domain: await defineMachine(site, metadata), metadata };
  });
}
