import { rm } from 'node:fs/promises';
import { forgetHostIdentity } from '../ssh/host-identity.ts';
import { removeConsoleLog } from './console-log.ts';
import { removeDisk } from './disk.ts';
import { findDomain, powerOff } from './machine.ts';
import { removeNetwork } from './network.ts';
import type { Site } from './workshop.ts';

/** Removes all that there is of a machine; what an interruption left is found again by its names. */
export async function removeMachine(site: Site): Promise<void> {
  const { libvirt, names } = site;
  const domain = await findDomain(libvirt, names);
  if (domain) await powerOff(libvirt, domain);
  await removeDisk(names.disk);
  await removeDisk(names.seed);
  for (const file of Object.values(names.hostKeyFiles)) await rm(file, { force: true });
  await forgetHostIdentity(names.hostKey);
  await removeNetwork(site);
  await removeConsoleLog(names.consoleLog);
  await rm(names.claimed, { force: true });
  // Last: it tells whose all of this is.
  if (domain) await libvirt.domains.undefine(domain);
}
