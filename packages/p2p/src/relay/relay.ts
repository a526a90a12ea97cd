import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { framed } from '../streams/framed.ts';
import { circuits } from './circuits.ts';
import { connect } from './connect.ts';
import { decodeHopRequest, HOP_PROTOCOL, MAX_RELAY_MESSAGE } from './messages.ts';
import { RELAY_LIMITS, type RelayOptions } from './relay-options.ts';
import { reservations, type Reservation } from './reservations.ts';
import { reserve } from './reserve.ts';
import { refuse, type RelayService } from './service.ts';

/** A running circuit relay (v2), with reservations, limits and backpressure of our own. */
export interface Relay {
  reservations(): Reservation[];
  /** Relayed connections that are open or being made. */
  circuits(): number;
  /** Bytes relayed by peer since the start, both directions, as source or destination. */
  traffic(): ReadonlyMap<string, number>;
  /** Asks the ACL again about every reservation; drops those that may no longer be, with their circuits. */
  recheck(): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * Answers circuit relay's hop protocol. The library's own server is not used: it has no backpressure, loses every
 * second refresh of a reservation, and keeps the reservations of peers that left.
 */
export async function startRelay(libp2p: Libp2p, options: RelayOptions): Promise<Relay> {
  const limits = { ...RELAY_LIMITS, ...options.limits };
  const service: RelayService = {
    libp2p,
    acl: options.acl,
    limits,
    now: options.now ?? Date.now,
    reservations: reservations(limits),
    circuits: circuits(limits),
  };
  const onDisconnect = ({ detail }: CustomEvent<PeerId>): void => {
    service.reservations.remove(detail.toString());
  };
  libp2p.addEventListener('peer:disconnect', onDisconnect);
  await libp2p.handle(HOP_PROTOCOL, (stream, connection) => answer(service, stream, connection), {
    // Some more than may become circuits, so that one too many is refused with a reason.
    maxInboundStreams: limits.circuitsPerSource + 8,
  });
  return {
    reservations: service.reservations.list,
    circuits: service.circuits.size,
    traffic: service.circuits.traffic,
    recheck: () => recheck(service),
    async stop() {
      libp2p.removeEventListener('peer:disconnect', onDisconnect);
      await libp2p.unhandle(HOP_PROTOCOL);
    },
  };
}

async function answer(service: RelayService, stream: Stream, connection: Connection): Promise<void> {
  const messages = framed(stream, MAX_RELAY_MESSAGE);
  const signal = AbortSignal.timeout(service.limits.handshakeMs);
  const exchange = { stream, connection, messages, signal, peer: connection.remotePeer.toString() };
  try {
    const request = decodeHopRequest(await messages.read(signal));
    if (!connection.direct) await refuse(exchange, 'PERMISSION_DENIED');
    else if (request.type === 'reserve') await reserve(service, exchange);
    else await connect(service, exchange, request.destination);
  } catch (error) {
    stream.abort(asError(error));
  }
}

async function recheck(service: RelayService): Promise<string[]> {
  const dropped: string[] = [];
  for (const { peer } of service.reservations.list()) {
    if (await service.acl.mayReserve(peer)) continue;
    service.reservations.remove(peer);
    service.circuits.abortOf(
      peer,
      new PeerError('RELAY_LIMIT', 'This peer may no longer be reached through here'),
    );
    dropped.push(peer);
  }
  return dropped;
}
