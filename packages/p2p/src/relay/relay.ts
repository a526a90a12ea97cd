import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import { asError } from '../errors.ts';
import type { LaneDoor } from '../lane/door.ts';
import { LANE_PROTOCOL } from '../lane/gateway-messages.ts';
import { framed, MOST_EARLY } from '../streams/framed.ts';
import { allowance } from './allowance.ts';
import { circuits } from './circuits.ts';
import { connect } from './connect.ts';
import { serveLanes } from './lanes.ts';
import { decodeHopRequest, HOP_PROTOCOL, MAX_RELAY_MESSAGE } from './messages.ts';
import { RELAY_LIMITS, type RelayLimits, type RelayOptions } from './relay-options.ts';
import { reservations, type Reservation } from './reservations.ts';
import { reserve } from './reserve.ts';
import { refuse, type RelayService } from './service.ts';
import { CUTS, REFUSALS, tally, type Cut, type Refusal } from './tally.ts';
import { throttle } from './throttle.ts';
import { trafficLedger, type Ends, type PeerTraffic } from './traffic.ts';

/** A running circuit relay (v2), with reservations, limits and backpressure of our own. */
export interface Relay {
  reservations(): Reservation[];
  limits(): RelayLimits;
  /** Holds from now on, for circuits that live too; those of the host's own connections hold from its start. */
  setLimits(change: Partial<RelayLimits>): void;
  /** Relayed connections that are open or being made: all, or those from a source, or to a destination. */
  circuits(ends?: Partial<Ends>): number;
  /** How many of the circuits are lanes. */
  lanes(): number;
  /** Bytes relayed by peer since the start, the least recent first; of some thousands of peers only. */
  traffic(): ReadonlyMap<string, PeerTraffic>;
  /** Bytes relayed since the start. */
  relayedBytes(): number;
  /** Bytes that wait in memory for slow readers. */
  bufferedBytes(): number;
  /** Requests turned away since the start, by reason. */
  refusals(): Readonly<Record<Refusal, number>>;
  /** Circuits ended by us since the start, by reason. */
  cuts(): Readonly<Record<Cut, number>>;
  /** Asks the ACL again about every reservation; drops those that may no longer be, with their circuits. */
  recheck(): Promise<string[]>;
  stop(): Promise<void>;
}

/** How often memory is looked at, in ms. */
const SHED_MS = 500;

/**
 * Answers circuit relay's hop protocol. The library's own server is not used: it has no backpressure, loses every
 * second refresh of a reservation, and keeps the reservations of peers that left.
 */
export async function startRelay(libp2p: Libp2p, options: RelayOptions, door?: LaneDoor): Promise<Relay> {
  const service = serviceOf(libp2p, options);
  const { limits } = service;
  const onDisconnect = ({ detail }: CustomEvent<PeerId>): void => {
    service.reservations.remove(detail.toString());
  };
  libp2p.addEventListener('peer:disconnect', onDisconnect);
  await libp2p.handle(HOP_PROTOCOL, (stream, connection) => answer(service, stream, connection), {
    // Some more than may become circuits, so that one too many is refused with a reason.
    maxInboundStreams: limits.circuitsPerSource + 8,
  });
  if (door) await serveLanes(service, door);
  const shedding = setInterval(service.circuits.shed, SHED_MS);
  return {
    limits: () => ({ ...limits }),
    setLimits: (change) => void Object.assign(limits, change),
    reservations: service.reservations.list,
    circuits: (ends = {}) => service.circuits.of(ends),
    lanes: service.circuits.lanes,
    traffic: service.traffic.byPeer,
    relayedBytes: service.traffic.total,
    bufferedBytes: service.circuits.buffered,
    refusals: service.refusals.counts,
    cuts: service.cuts.counts,
    recheck: () => recheck(service),
    async stop() {
      clearInterval(shedding);
      service.throttle.stop();
      libp2p.removeEventListener('peer:disconnect', onDisconnect);
      await libp2p.unhandle([HOP_PROTOCOL, LANE_PROTOCOL]);
    },
  };
}

function serviceOf(libp2p: Libp2p, options: RelayOptions): RelayService {
  const limits = { ...RELAY_LIMITS, ...options.limits };
  const now = options.now ?? Date.now;
  return {
    libp2p,
    acl: options.acl,
    limits,
    now,
    reservations: reservations(limits),
    circuits: circuits(limits),
    traffic: trafficLedger(),
    allowance: allowance(limits, now),
    throttle: throttle(limits),
    refusals: tally(REFUSALS),
    cuts: tally(CUTS),
  };
}

async function answer(service: RelayService, stream: Stream, connection: Connection): Promise<void> {
  const messages = framed(stream, MAX_RELAY_MESSAGE, MOST_EARLY);
  const signal = AbortSignal.timeout(service.limits.handshakeMs);
  const exchange = { stream, connection, messages, signal, peer: connection.remotePeer.toString() };
  try {
    const request = decodeHopRequest(await messages.read(signal));
    if (!connection.direct) await refuse(service, exchange, 'not-allowed');
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
    service.circuits.abortOf(peer, 'not-allowed');
    dropped.push(peer);
  }
  return dropped;
}
