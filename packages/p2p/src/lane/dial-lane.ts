import { connect, type Socket } from 'node:net';
import type { Connection } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { PeerError } from '../errors.ts';
import { tune } from './secure.ts';
import { LANE_MAGIC, type Ticket } from './ticket.ts';

export interface TcpAddress {
  /** An IP address or a name. */
  readonly host: string;
  readonly port: number;
}

const HOSTS = new Set(['ip4', 'ip6', 'dns', 'dns4', 'dns6']);

/** Where a lane beside a connection begins: there where this host dialled it, by TCP; undefined where it did not. */
export function laneAddress({ direct, direction, remoteAddr }: Connection): TcpAddress | undefined {
  return direct && direction === 'outbound' ? tcpAddress(remoteAddr) : undefined;
}

function tcpAddress(address: Multiaddr): TcpAddress | undefined {
  const [host, port, ...more] = address.getComponents();
  if (!host?.value || !HOSTS.has(host.name) || port?.name !== 'tcp') return undefined;
  if (!more.every(({ name }) => name === 'p2p')) return undefined;
  return { host: host.value, port: Number(port.value) };
}

/** A TCP connection that has shown its ticket. Throws PeerError CONNECTION_LOST. The signal ends the dialling only. */
export function dialDoor({ host, port }: TcpAddress, ticket: Ticket, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const fail = (cause: unknown): void => {
      socket.destroy();
      reject(new PeerError('CONNECTION_LOST', 'No lane was opened', { cause }));
    };
    const onAbort = (): void => fail(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    // For good: whoever the socket is handed to hears of its closing.
    socket.on('error', fail);
    tune(socket);
    socket.once('connect', () => {
      socket.write(LANE_MAGIC);
      socket.write(ticket, () => {
        signal.removeEventListener('abort', onAbort);
        resolve(socket);
      });
    });
  });
}
