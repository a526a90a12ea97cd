import type { ConnectionGater, MultiaddrConnection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import type { RelayLimits } from './relay-options.ts';

export interface ConnectionBounds {
  readonly gater: ConnectionGater;
  /** Connections turned away since the start. */
  refused(): number;
}

/** From there come all who use a proxy on this host, as one for TLS. */
const LOOPBACK = /^(127\.|::1$)/;

/** Bounds the connections that come in from one IP address, and those of one peer. */
export function connectionBounds(
  limits: Pick<RelayLimits, 'connectionsPerAddress' | 'connectionsPerPeer'>,
): ConnectionBounds {
  const addresses = new Map<string, number>();
  const peers = new Map<string, number>();
  let refused = 0;

  /** Counts the connection until it closes; false when that is one too many. */
  function take(counts: Map<string, number>, key: string, most: number, of: MultiaddrConnection): boolean {
    if (of.status !== 'open') return false;
    const count = counts.get(key) ?? 0;
    if (count >= most) {
      refused += 1;
      return false;
    }
    counts.set(key, count + 1);
    of.addEventListener('close', () => giveBack(counts, key), { once: true });
    return true;
  }

  return {
    gater: {
      denyInboundConnection(connection) {
        const address = addressOf(connection.remoteAddr);
        if (LOOPBACK.test(address)) return false;
        return !take(addresses, address, limits.connectionsPerAddress, connection);
      },
      denyInboundEncryptedConnection: (peer, connection) =>
        !take(peers, peer.toString(), limits.connectionsPerPeer, connection),
    },
    refused: () => refused,
  };
}

/** An IP address, or the whole multiaddr where there is none. */
export function addressOf(remote: Multiaddr): string {
  const ip = remote.getComponents().find(({ name }) => name === 'ip4' || name === 'ip6');
  return ip?.value ?? remote.toString();
}

function giveBack(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}
