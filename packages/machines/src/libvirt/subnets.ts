import type { Libvirt } from '@hamster/libvirt';
import { hostRanges, parseAddress, parseCidr } from '../host/subnets.ts';
import type { Range } from '../host/subnets.ts';

/** Everything that a new network must not overlap: the host's interfaces and routes, libvirt's networks. */
export async function takenRanges(libvirt: Libvirt, machines: readonly string[]): Promise<Range[]> {
  return [
    ...(await hostRanges()),
    ...(await networkRanges(libvirt)),
    // Of machines whose network does not exist yet, or no more.
    ...machines.map((address) => parseCidr(`${address}/24`)),
  ];
}

async function networkRanges(libvirt: Libvirt): Promise<Range[]> {
  const networks = await libvirt.networks.list();
  // One that is removed meanwhile takes nothing.
  const texts = await Promise.all(networks.map((each) => libvirt.networks.xml(each).catch(() => '')));
  return texts.flatMap((text) => [...text.matchAll(/<ip\b[^>]*>/g)].flatMap(([tag]) => rangeOfTag(tag)));
}

function rangeOfTag(tag: string): Range[] {
  const attribute = (name: string): string | undefined => new RegExp(`\\b${name}='([^']*)'`).exec(tag)?.[1];
  const address = attribute('address');
  if (address === undefined || address.includes(':')) return [];
  const netmask = attribute('netmask');
  const bits = netmask ? Math.log2(2 ** 32 / (2 ** 32 - parseAddress(netmask))) : (attribute('prefix') ?? 32);
  return [parseCidr(`${address}/${bits}`)];
}
