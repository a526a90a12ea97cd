import type { ConnectionGater, MultiaddrConnection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { RelayLimits } from './relay-options.ts';

export interface ConnectionBounds {
  readonly gater: ConnectionGater;
  /** Whether one more connection may come in that has shown a ticket; it is none of those that have yet to prove a peer. */
  admitsTicket(connection: MultiaddrConnection): boolean;
  /** Connections turned away since the start. */
  refused(): number;
}

const LOOPBACK = /^(127\.|::1$)/;

/**
 * Connections from one address that have yet to prove a peer. There is a bound of those in all, too: one address must not
 * fill it, or nobody else would get in.
 */
const UNPROVED = 64;

/** Bounds the connections that come in from one IP address, and those of one peer. */
export function connectionBounds(
  limits: Pick<RelayLimits, 'connectionsPerAddress' | 'connectionsPerPeer'>,
): ConnectionBounds {
  const addresses = new Map<string, number>();
  const unproved = new Map<string, number>();
  const peers = new Map<string, number>();
  const proofs = new WeakMap<MultiaddrConnection, () => void>();
  let refused = 0;

  /** Counts the connection until it closes, or what is returned is called; undefined when that is one too many. */
  function take(
    counts: Map<string, number>,
    key: string,
    most: number,
    of: MultiaddrConnection,
  ): (() => void) | undefined {
    if (of.status !== 'open') return undefined;
    const count = counts.get(key) ?? 0;
    if (count >= most) {
      refused += 1;
      return undefined;
    }
    counts.set(key, count + 1);
    const release = (): void => {
      of.removeEventListener('close', release);
      giveBack(counts, key);
    };
    of.addEventListener('close', release);
    return release;
  }

  function admits(address: string, connection: MultiaddrConnection): boolean {
    return take(addresses, address, limits.connectionsPerAddress, connection) !== undefined;
  }

  return {
    gater: {
      denyInboundConnection(connection) {
        const address = addressOf(connection.remoteAddr);
        if (isLoopback(address)) return false;
        const onProof = take(unproved, address, UNPROVED, connection);
        if (!onProof) return true;
        proofs.set(connection, onProof);
        return !admits(address, connection);
      },
      denyInboundEncryptedConnection(peer, connection) {
        proofs.get(connection)?.();
        proofs.delete(connection);
        return !take(peers, peer.toString(), limits.connectionsPerPeer, connection);
      },
    },
    admitsTicket(connection) {
      const address = addressOf(connection.remoteAddr);
      return isLoopback(address) || admits(address, connection);
    },
    refused: () => refused,
  };
}

/**
 * Where a connection comes from, as far as somebody cannot choose it at will: an IPv4 address, or the first half of an
 * IPv6 one. Without an address of its own, as through a gateway, it is the whole multiaddr.
 */
export function addressOf(remote: Multiaddr): string {
  const parts = remote.getComponents();
  const ip = parts.find(({ name }) => name === 'ip4' || name === 'ip6');
  if (ip?.value === undefined || parts.some(({ name }) => name === 'p2p-circuit')) return remote.toString();
  return ip.name === 'ip6' ? networkOf(ip.value) : ip.value;
}

/** From there come all who use a proxy on this host, as one for TLS. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

const GROUPS = 8;

function networkOf(ip6: string): string {
  if (ip6 === '::1') return ip6;
  const [before = [], after = []] = ip6.split('::').map(groupsIn);
  const zeros = Array.from({ length: GROUPS - before.length - after.length }, () => 0);
  const groups = [...before, ...zeros, ...after];
  const network = groups.slice(0, GROUPS / 2).map((group) => group.toString(16));
  return isMapped(groups) ? ip4In(groups) : `${network.join(':')}::/64`;
}

function groupsIn(text: string): number[] {
  return text.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)]));
}

/** An IPv4 address as IPv6 programs see it. */
function isMapped(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
}

function ip4In(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

function giveBack(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
