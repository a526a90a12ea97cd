import { createHash } from 'node:crypto';
import os from 'node:os';
import { isLibvirtError, LIBVIRT_ERROR } from '@hamster/libvirt';
import type { Libvirt } from '@hamster/libvirt';
import { isClosed } from '../host/closed-ranges.ts';
import { FILTER_NAME, filterXml } from './filter-xml.ts';
import { besideOtherFirewalls } from './firewall-race.ts';
import { uuidOf } from './names.ts';

/**
 * Defines the filter unless this very one is there. Its UUID is a hash of its rules; a filter with other rules is
 * replaced in place, which libvirt also applies to running guests.
 */
export async function ensureFilter(libvirt: Libvirt): Promise<void> {
  const rules = filterXml('');
  const uuid = uuidOf(createHash('sha256').update(rules).digest('hex'));
  const found = await libvirt.filters.lookupByName(FILTER_NAME).catch((error: unknown) => {
    if (isLibvirtError(error, LIBVIRT_ERROR.noFilter)) return undefined;
    throw error;
  });
  if (found?.uuid === uuid) return;
  await besideOtherFirewalls(libvirt, () => libvirt.filters.define(filterXml(found?.uuid ?? uuid)));
}

/** IPv4 addresses by which the host may be reached from outside. */
export function hostAddresses(): string[] {
  const all = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

/** Those among them that no range is closed for already. */
export function publicAddresses(): string[] {
  return hostAddresses().filter((address) => !isClosed(address));
}
