import { Server, type Socket } from 'node:net';
import type { Listener, Transport } from '@libp2p/interface';
import { ipPortToMultiaddr } from '@libp2p/utils';
import type { Multiaddr } from '@multiformats/multiaddr';
import { lobby } from '../access/lobby.ts';
import { addressOf, isLoopback } from '../relay/connection-bounds.ts';
import { libraryChanged } from './web-socket-frames.ts';
import { withInbound } from './with-inbound.ts';

export interface OpeningBounds {
  /** From a TCP connection until it carries a WebSocket, in ms. */
  readonly openingMs: number;
  /** TCP connections in all that may be on the way there; of the address that has most, the oldest has to go. */
  readonly opening: number;
  readonly openingPerAddress: number;
}

const BOUNDS: OpeningBounds = { openingMs: 10_000, opening: 1024, openingPerAddress: 64 };

/**
 * Hangs up on those who come to a WebSocket port and open none. The library waits for ever: for the first byte, and, as it
 * hands its sockets to a server that never listens itself, for the rest of TLS and of a request as well.
 */
export function boundOpening(transport: Transport, given: Partial<OpeningBounds> = {}): Transport {
  const bounds = { ...BOUNDS, ...given };
  const create = transport.createListener.bind(transport);
  transport.createListener = ({ upgrader, ...more }) => {
    const openings = openingSockets(bounds);
    const listener = create({
      ...more,
      upgrader: withInbound(upgrader, (inner, connection, options) => {
        openings.isOpen(connection.remoteAddr);
        return inner.upgradeInbound(connection, options);
      }),
    });
    serverOf(listener).prependListener('connection', openings.begin);
    return listener;
  };
  return transport;
}

function openingSockets({ openingMs, opening, openingPerAddress }: OpeningBounds) {
  const waiting = lobby({ perPeer: openingPerAddress, total: opening });
  const byEnd = new Map<string, () => void>();
  return {
    begin(socket: Socket): void {
      const remote = remoteOf(socket);
      if (!remote) return void socket.destroy();
      const address = addressOf(remote);
      const giveUp = (): void => void socket.destroy();
      // From loopback come all who use a proxy on this host.
      const leave = waiting.enter(isLoopback(address) ? endOf(remote) : address, giveUp);
      const timer = setTimeout(giveUp, openingMs).unref();
      const over = (): void => {
        clearTimeout(timer);
        leave();
        byEnd.delete(endOf(remote));
      };
      byEnd.set(endOf(remote), over);
      socket.once('close', over);
    },
    isOpen: (remote: Multiaddr): void => byEnd.get(endOf(remote))?.(),
  };
}

/** Undefined where it has gone already, or its address has a zone (fe80::1%eth0), which the library does not serve either. */
function remoteOf({ remoteAddress, remotePort }: Socket): Multiaddr | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  try {
    return ipPortToMultiaddr(remoteAddress, remotePort);
  } catch {
    return undefined;
  }
}

/** IP address and port of the other side. */
function endOf(remote: Multiaddr): string {
  const [ip, tcp] = remote.getComponents();
  return `${ip?.value} ${tcp?.value}`;
}

/** Throws PeerError LIBRARY_CHANGED. */
function serverOf(listener: Listener): Server {
  if ('server' in listener && listener.server instanceof Server) return listener.server;
  throw libraryChanged();
}
