import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Connection, IdentifyResult } from '@libp2p/interface';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { beforeAbort } from '../signals.ts';
import { isPublic, withoutPeer } from './addresses.ts';

/** A local TCP port, and what the world sees of it. */
export interface MeetingPoint {
  readonly localPort: number;
  /** The public address and port that the NAT in between has given to it, as a gateway sees it. */
  readonly observed: Multiaddr;
  /** Lets go of the connection that keeps the NAT's mapping. */
  close(): void;
}

/**
 * Dials the gateway of a relayed connection once more, from a port of its own, to learn how that port looks from
 * outside. undefined when the gateway saw no public address. Throws when the gateway is not reached.
 */
export async function meetingPoint(
  host: Host,
  relayed: Connection,
  signal: AbortSignal,
): Promise<MeetingPoint | undefined> {
  const localPort = await unusedPort();
  const connection = await host.dialler.dial(gatewayOf(relayed), { signal, localPort });
  const close = (): void => connection.abort(new PeerError('CONNECTION_LOST', 'The meeting is over'));
  try {
    const observed = await observedFrom(host, connection, signal);
    if (observed) return { localPort, observed, close };
  } catch (error) {
    close();
    throw error;
  }
  close();
  return undefined;
}

/** The two sides of a new connection tell each other what they see by themselves. */
function observedFrom(
  host: Host,
  connection: Connection,
  signal: AbortSignal,
): Promise<Multiaddr | undefined> {
  const { libp2p } = host;
  const { promise, resolve } = Promise.withResolvers<Multiaddr | undefined>();
  const onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    if (detail.connection.id === connection.id) resolve(publicPart(detail.observedAddr));
  };
  libp2p.addEventListener('peer:identify', onIdentify);
  return beforeAbort(promise, signal).finally(() => libp2p.removeEventListener('peer:identify', onIdentify));
}

function publicPart(address: Multiaddr | undefined): Multiaddr | undefined {
  return address && isPublic(address) ? withoutPeer(address) : undefined;
}

/** The gateway's own address, out of that of a connection through it. */
function gatewayOf({ remoteAddr }: Connection): Multiaddr {
  const [address] = remoteAddr.toString().split('/p2p-circuit');
  return multiaddr(address);
}

/** Only a port that is asked for by number can be shared by several connections. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address === 'object' && address) return address.port;
  throw new PeerError('LISTEN_FAILED', 'The system gave no TCP port to come from');
}
