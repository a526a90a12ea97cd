import type { DomainRef } from '@hamster/libvirt';
import { publicAddresses } from './filter.ts';
import { FilterRules } from './filter-rules.ts';
import { besideOtherFirewalls } from './firewall-race.ts';
import { networkInterface } from './interface-xml.ts';
import type { Link } from './interface-xml.ts';
import { closeLinks, tapsOf } from './close-link.ts';
import { findMachine, powerOf } from './machine.ts';
import type { FoundMachine } from './machine.ts';
import type { Site } from './workshop.ts';
import { describeMachine } from './workshop.ts';
import { renderXml } from './xml.ts';

const HOST_ADDRESS = /<parameter name='HOSTADDR' value='([0-9.]+)'\/>/g;

/**
 * Looks whether what keeps a running machine from its host is in force, and puts it back. The rules are the host's, not
 * libvirt's: a program that loads another firewall throws them away, and the host gets other addresses while machines run.
 * `seen` are the rules as they were read a moment ago, for many machines at once.
 */
export async function guardMachine(site: Site, seen?: FilterRules): Promise<void> {
  const { workshop, libvirt, names } = site;
  const found = await findMachine(libvirt, names);
  if (!workshop.filtered || found === undefined || (await powerOf(libvirt, found.domain)) === 'off') return;
  await closeLinks(site, found.domain);
  // A machine whose first start is under way, or broke off, has its link pulled and no filter yet.
  if (found.metadata.phase === 'building') return;
  const lacks = await whatLacks(site, found.domain, seen);
  if (lacks === undefined) return;
  await putBack(site, found);
  workshop.warn(found.metadata.order.leaseId, `its packet filter was set up anew, because ${lacks}`);
}

/** Does it for all, and throws the first error when all were tried. */
export async function everyOne<T>(all: readonly T[], action: (one: T) => Promise<void>): Promise<void> {
  const tried = await Promise.allSettled(all.map(action));
  for (const each of tried) if (each.status === 'rejected') throw each.reason;
}

async function whatLacks(
  { workshop, libvirt, signal }: Site,
  domain: DomainRef,
  seen?: FilterRules,
): Promise<string | undefined> {
  const text = await libvirt.domains.xml(domain);
  const hold = (rules: FilterRules): boolean => tapsOf(text).every((tap) => rules.hold(tap));
  // A link may be newer than what was read before.
  const isHeld = (seen && hold(seen)) || hold(await FilterRules.read(workshop.modules.run, signal));
  if (!isHeld)
    return 'its rules were gone: another program changed the firewall of this host. If machines have no internet now, reload libvirtd (or virtnetworkd)';
  const held = addressesIn(text);
  const added = publicAddresses().filter((address) => !held.includes(address));
  return added.length === 0 ? undefined : `this host has other addresses now (${added.join(', ')})`;
}

/** libvirt sets a filter up only where it was not; meanwhile the link is down, since nothing judges what comes from it. */
async function putBack(site: Site, { domain, metadata }: FoundMachine): Promise<void> {
  const { libvirt, signal } = site;
  const description = await describeMachine(site, metadata);
  const text = await libvirt.domains.xml(domain);
  const update = (link: Link, hostAddresses = description.hostAddresses): Promise<void> => {
    const device = renderXml(networkInterface({ ...description, hostAddresses }, link));
    return besideOtherFirewalls(libvirt, () => libvirt.domains.updateDevice(domain, device), signal);
  };
  if (text.includes('<filterref')) await update('down', addressesIn(text));
  await update('pulled');
  await update('up');
}

function addressesIn(text: string): string[] {
  return [...text.matchAll(HOST_ADDRESS)].flatMap(([, address]) => address ?? []);
}
