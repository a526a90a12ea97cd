import { writeFile } from 'node:fs/promises';
import { isLibvirtError, LIBVIRT_ERROR, LibvirtError } from '@hamster/libvirt';
import type { Libvirt, NamedRef } from '@hamster/libvirt';
import { besideOtherFirewalls } from './firewall-race.ts';
import type { MachineMetadata } from './metadata.ts';
import { removeLeftBridge } from './left-bridge.ts';
import { networkXml } from './network-xml.ts';
import type { Site } from './workshop.ts';

const ADDRESS_QUESTION_MS = 100;

/** Brings the machine's own network up, from whatever state it is in. */
export async function ensureNetwork(site: Site, metadata: MachineMetadata): Promise<void> {
  const { libvirt, names, signal } = site;
  const found = await findNetwork(libvirt, names.network);
  const { network: name, uuid, bridge, mac } = names;
  const { gateway, address } = metadata;
  const network =
    found ?? (await libvirt.networks.define(networkXml({ name, uuid, bridge, mac, gateway, address })));
  if (await libvirt.networks.isActive(network)) return;
  await removeLeftBridge(site);
  await besideOtherFirewalls(libvirt, () => libvirt.networks.create(network), signal);
  await askOften(bridge);
}

/**
 * While a guest boots, the kernel asks for its hardware address once a second, and what wants to connect waits for that.
 * Needs root; without it, SSH is seen up to a second later.
 */
async function askOften(bridge: string): Promise<void> {
  await writeFile(`/proc/sys/net/ipv4/neigh/${bridge}/retrans_time_ms`, `${ADDRESS_QUESTION_MS}`).catch(
    () => undefined,
  );
}

export async function removeNetwork(site: Site): Promise<void> {
  const { libvirt, names } = site;
  const network = await findNetwork(libvirt, names.network);
  if (network && (await libvirt.networks.isActive(network))) await libvirt.networks.destroy(network);
  await removeLeftBridge(site);
  if (network) await libvirt.networks.undefine(network);
}

/** Addresses that another interface holds, found by libvirt or only by dnsmasq; there is no error number for it. */
export function isAddressConflict(error: unknown): boolean {
  return error instanceof LibvirtError && /already in use/i.test(error.message);
}

function findNetwork(libvirt: Libvirt, name: string): Promise<NamedRef | undefined> {
  return libvirt.networks.lookupByName(name).catch((error: unknown) => {
    if (isLibvirtError(error, LIBVIRT_ERROR.noNetwork)) return undefined;
    throw error;
  });
}
