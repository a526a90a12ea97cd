import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPrivateIp } from '@libp2p/utils';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';

/** No side tells, or tries, more. */
export const MAX_ADDRESSES = 8;

/** The host part of a plain TCP address such as /ip4/203.0.113.7/tcp/4001; undefined for any other. */
export function tcpHost(address: Multiaddr): string | undefined {
  const [host, port, ...more] = address.getComponents();
  const isPlain = (host?.name === 'ip4' || host?.name === 'ip6') && port?.name === 'tcp';
  return isPlain && more.every(({ name }) => name === 'p2p') ? host.value : undefined;
}

/** The same address, for whoever is there. */
export function withoutPeer(address: Multiaddr): Multiaddr {
  return multiaddr(address.toString().split('/p2p/')[0]);
}

/** Whether an address leads to the open internet. */
export function isPublic(address: Multiaddr): boolean {
  const host = tcpHost(address);
  return host !== undefined && isPrivateIp(host) === false;
}

/** The port of the plain TCP address with that host; undefined when there is none. */
export function listeningPort(addresses: readonly Multiaddr[], host: string): number | undefined {
  const found = addresses.find((address) => tcpHost(address) === host);
  return found && Number(found.getComponents()[1]?.value);
}

/** Plain TCP addresses worth telling another, the public ones first. */
export function worthTelling(addresses: readonly Multiaddr[]): string[] {
  const plain = addresses.filter((address) => tcpHost(address) !== undefined);
  const texts = [...plain.filter(isPublic), ...plain.filter((address) => !isPublic(address))].map((address) =>
    address.toString(),
  );
  return [...new Set(texts)].slice(0, MAX_ADDRESSES);
}

/**
 * Those of a stranger's addresses that may be dialled: public ones, and such as lie in a network that this host is in
 * itself. This host's own loopback is such a network only when `loopback` says that the other is here, too.
 */
export function worthDialling(texts: readonly string[], loopback: boolean): Multiaddr[] {
  const near = ownNetworks(loopback);
  return texts.slice(0, MAX_ADDRESSES).flatMap((text) => {
    const address = parsed(text);
    const host = address && tcpHost(address);
    if (!address || host === undefined) return [];
    return isPublic(address) || near.check(host, isIPv6(host) ? 'ipv6' : 'ipv4') ? [address] : [];
  });
}

export function isLoopback(address: Multiaddr): boolean {
  const host = address.getComponents()[0]?.value ?? '';
  return host === '::1' || host.startsWith('127.');
}

function ownNetworks(loopback: boolean): BlockList {
  const networks = new BlockList();
  for (const each of Object.values(networkInterfaces()).flat()) {
    if (!each?.cidr || (each.internal && !loopback)) continue;
    networks.addSubnet(
      each.address,
      Number(each.cidr.split('/')[1]),
      each.family === 'IPv6' ? 'ipv6' : 'ipv4',
    );
  }
  return networks;
}

function parsed(text: string): Multiaddr | undefined {
  try {
    return multiaddr(text);
  } catch {
    return undefined;
  }
}
