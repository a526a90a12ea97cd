import { circuitRelayTransport, type CircuitRelayTransportComponents } from '@libp2p/circuit-relay-v2';
import type { Connection, Libp2p, PeerId, Stream, Transport, Upgrader } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { directDialler, type DirectDialler } from '../direct/dialler.ts';
import { asError, PeerError } from '../errors.ts';
import { STOP_PROTOCOL } from '../relay/messages.ts';

/** The client's half of circuit relay: being reachable through gateways, and reaching others through them. */
export interface CircuitClient {
  /** Makes or refreshes a reservation with a gateway that is connected. Throws PeerError RESERVATION_REFUSED. */
  reserve(gateway: string): Promise<void>;
  /** Whether we can be reached through that gateway now. */
  holds(gateway: string): boolean;
  /** A new connection to a peer through a connected gateway. */
  connect(gateway: Connection, peer: string, signal: AbortSignal): Promise<Connection>;
}

/** What we use of the library's transport beyond its interface; the tests tell when an upgrade changes it. */
interface CircuitTransport extends Transport {
  readonly reservationStore: {
    readonly relayFilter: { remove?(item: Uint8Array): boolean };
    addRelay(gateway: PeerId, type: 'configured'): Promise<unknown>;
    hasReservation(gateway: PeerId): boolean;
  };
  onStop(stream: Stream, connection: Connection): Promise<void>;
}

export interface CircuitModule {
  /** For the host's list of transports. */
  readonly transport: (components: CircuitRelayTransportComponents) => Transport;
  /** Once the host has started. */
  start(libp2p: Libp2p): Promise<{ circuits: CircuitClient; dialler: DirectDialler }>;
}

/** Relayed connections that one gateway connection may carry, each way. */
const CIRCUITS = 1024;
/** More than one at once, or two gateways given together hang each other. */
const RESERVATIONS_AT_ONCE = 8;
const RESERVATION_MS = 5000;

/** The library's transport for relayed connections, with a handle on its reservations. */
export function circuitModule(): CircuitModule {
  let parts: { transport: CircuitTransport; components: CircuitRelayTransportComponents } | undefined;
  const create = circuitRelayTransport({
    reservationConcurrency: RESERVATIONS_AT_ONCE,
    reservationCompletionTimeout: RESERVATION_MS,
    maxInboundStopStreams: CIRCUITS,
    maxOutboundStopStreams: CIRCUITS,
  });
  return {
    transport(components) {
      const transport = create(components);
      parts = { transport: known(transport), components };
      return transport;
    },
    async start(libp2p) {
      if (!parts) throw new PeerError('LIBRARY_CHANGED', 'The circuit transport was never created');
      const { transport, components } = parts;
      const circuits = await circuitClient(libp2p, transport, components.upgrader);
      return { circuits, dialler: directDialler(components) };
    },
  };
}

async function circuitClient(
  libp2p: Libp2p,
  transport: CircuitTransport,
  upgrader: Upgrader,
): Promise<CircuitClient> {
  const store = transport.reservationStore;
  const underWay = new Map<string, Promise<unknown>>();

  async function onStop(stream: Stream, connection: Connection): Promise<void> {
    await underWay.get(connection.remotePeer.toString())?.catch(() => undefined);
    // The library would make a reservation with whoever asks; strangers are none of our gateways.
    if (store.hasReservation(connection.remotePeer)) await transport.onStop(stream, connection);
    else stream.abort(new PeerError('RESERVATION_REFUSED', 'No reservation is held with this relay'));
  }

  await libp2p.handle(STOP_PROTOCOL, onStop, {
    force: true,
    maxInboundStreams: CIRCUITS,
    maxOutboundStreams: CIRCUITS,
  });

  return {
    async reserve(gateway) {
      const peer = peerIdFromString(gateway);
      // One failure at a bad moment, and the library never asks that gateway again.
      store.relayFilter.remove?.(peer.toMultihash().bytes);
      const work = store.addRelay(peer, 'configured');
      underWay.set(gateway, work);
      try {
        await work;
      } catch (cause) {
        const message = `Gateway ${gateway} gave no reservation: ${asError(cause).message}`;
        throw new PeerError('RESERVATION_REFUSED', message, { cause });
      } finally {
        underWay.delete(gateway);
      }
    },
    holds: (gateway) => store.hasReservation(peerIdFromString(gateway)),
    connect: (gateway, peer, signal) =>
      // Not by libp2p.dial: that joins all dials to one peer, and a silent gateway would hold up the others.
      transport.dial(gateway.remoteAddr.encapsulate(`/p2p-circuit/p2p/${peer}`), { signal, upgrader }),
  };
}

function known(transport: Transport): CircuitTransport {
  if (isCircuitTransport(transport)) return transport;
  throw new PeerError(
    'LIBRARY_CHANGED',
    'The circuit transport of this libp2p has other insides; use the pinned version',
  );
}

function isCircuitTransport(transport: Transport): transport is CircuitTransport {
  return 'reservationStore' in transport && 'onStop' in transport;
}
