import type { CircuitRelayTransportComponents } from '@libp2p/circuit-relay-v2';
import type { Connection, MultiaddrConnection, Upgrader } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { PeerError } from '../errors.ts';

export interface DirectDialOptions {
  readonly signal: AbortSignal;
  /** The TCP port to come from. */
  readonly localPort?: number;
  /** Both sides dial each other at once; one of them plays the part of who was dialled. */
  readonly meeting?: { readonly responder: boolean };
}

/**
 * Dials one address and nothing else. The library's own dialling joins all that goes to one peer, and forgets both the
 * local port and who is the responder.
 */
export interface DirectDialler {
  dial(address: Multiaddr, options: DirectDialOptions): Promise<Connection>;
  /** Whether both sides dialled, so that nobody listens at the other end. */
  isMeeting(connection: Connection): boolean;
  /** Where this host listens, on each of its interfaces. */
  listening(): Multiaddr[];
}

export type DiallerParts = Pick<CircuitRelayTransportComponents, 'upgrader' | 'transportManager'>;

export function directDialler({ upgrader, transportManager }: DiallerParts): DirectDialler {
  const meetings = new WeakSet<Connection>();
  return {
    isMeeting: (connection) => meetings.has(connection),
    async dial(address, { signal, localPort, meeting }) {
      const transport = transportManager.dialTransportForMultiaddr(address);
      if (!transport) throw new PeerError('NO_ROUTE', `There is no way to dial ${address.toString()}`);
      const options = {
        signal,
        upgrader: meeting?.responder ? answering(upgrader) : upgrader,
        ...(localPort !== undefined && { localPort }),
      };
      const connection = await transport.dial(address, options);
      if (meeting) meetings.add(connection);
      return connection;
    },
    listening: () => transportManager.getAddrs(),
  };
}

/** A TCP connection that both sides opened at once is outbound for both; one of them has to answer the other. */
function answering(upgrader: Upgrader): Upgrader {
  return {
    upgradeInbound: upgrader.upgradeInbound.bind(upgrader),
    createInboundAbortSignal: upgrader.createInboundAbortSignal.bind(upgrader),
    getStreamMuxers: upgrader.getStreamMuxers.bind(upgrader),
    getConnectionEncrypters: upgrader.getConnectionEncrypters.bind(upgrader),
    upgradeOutbound(connection: MultiaddrConnection, options: Parameters<Upgrader['upgradeOutbound']>[1]) {
      connection.direction = 'inbound';
      return upgrader.upgradeOutbound(connection, { ...options, initiator: false });
    },
  };
}
