import type { Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import { framed, type Framed } from '../streams/framed.ts';
import { pump } from '../streams/pump.ts';
import type { CircuitPlace } from './circuits.ts';
import {
  decodeStopReply,
  encodeHopStatus,
  encodeStopConnect,
  MAX_RELAY_MESSAGE,
  STOP_PROTOCOL,
} from './messages.ts';
import { allows, refuse, type HopExchange, type RelayService } from './service.ts';

/** A client wants to be connected to a peer that holds a reservation with us. */
export async function connect(
  service: RelayService,
  exchange: HopExchange,
  destination: string,
): Promise<void> {
  const { peer } = exchange;
  if (!service.reservations.holds(destination, service.now())) return refuse(exchange, 'NO_RESERVATION');
  if (!(await allows(() => service.acl.mayRelay(peer, destination))))
    return refuse(exchange, 'PERMISSION_DENIED');
  const place = service.circuits.take(peer, destination);
  if (!place) return refuse(exchange, 'RESOURCE_LIMIT_EXCEEDED');
  try {
    const far = await askDestination(service, exchange, destination);
    if (far) return join(service, exchange, { far, destination, place });
  } catch (error) {
    place.release();
    throw error;
  }
  place.release();
  return refuse(exchange, 'CONNECTION_FAILED');
}

interface FarEnd {
  readonly stream: Stream;
  readonly messages: Framed;
}

/** Asks the destination to take the connection; undefined when it is gone or does not want it. */
async function askDestination(
  { libp2p, limits }: RelayService,
  { connection, signal }: HopExchange,
  destination: string,
): Promise<FarEnd | undefined> {
  // The newest: an older one may be dead without anybody knowing yet.
  const holder = libp2p
    .getConnections()
    .findLast(({ remotePeer, status }) => status === 'open' && remotePeer.toString() === destination);
  if (!holder) return undefined;
  let stream: Stream | undefined;
  try {
    stream = await holder.newStream(STOP_PROTOCOL, {
      signal,
      maxOutboundStreams: limits.circuitsPerDestination,
    });
    const messages = framed(stream, MAX_RELAY_MESSAGE);
    messages.write(encodeStopConnect(connection.remotePeer));
    if (decodeStopReply(await messages.read(signal))) return { stream, messages };
    await stream.close({ signal });
  } catch (error) {
    stream?.abort(asError(error));
  }
  return undefined;
}

interface Joint {
  readonly far: FarEnd;
  readonly destination: string;
  readonly place: CircuitPlace;
}

function join(service: RelayService, exchange: HopExchange, { far, destination, place }: Joint): void {
  const { circuitBytes, circuitMs } = service.limits;
  const streams = [exchange.stream, far.stream] as const;
  const abort = (reason: Error): void => {
    for (const stream of streams) stream.abort(reason);
  };
  const timer = Number.isFinite(circuitMs)
    ? setTimeout(() => abort(limitReached('time')), circuitMs).unref()
    : undefined;
  afterClose(streams, () => {
    clearTimeout(timer);
    place.release();
  });
  place.fill({ source: exchange.peer, destination, abort });
  const onBytes = (bytes: number): void => {
    if (place.count(bytes) > circuitBytes) abort(limitReached('bytes'));
  };
  try {
    exchange.messages.write(encodeHopStatus('OK'));
    pump(exchange.messages.detach(), far.stream, onBytes);
    pump(far.messages.detach(), exchange.stream, onBytes);
  } catch (error) {
    abort(asError(error));
  }
}

function afterClose(streams: readonly Stream[], callback: () => void): void {
  const open = new Set(streams.filter(({ status }) => status === 'open'));
  for (const stream of open) {
    stream.addEventListener('close', () => {
      open.delete(stream);
      if (open.size === 0) callback();
    });
  }
  if (open.size === 0) callback();
}

function limitReached(what: string): PeerError {
  return new PeerError('RELAY_LIMIT', `This relayed connection has used up its ${what}`);
}
