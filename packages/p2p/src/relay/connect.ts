import type { Stream } from '@libp2p/interface';
import { asError } from '../errors.ts';
import { framed } from '../streams/framed.ts';
import { join, type FarEnd } from './join.ts';
import { decodeStopReply, encodeStopConnect, MAX_RELAY_MESSAGE, STOP_PROTOCOL } from './messages.ts';
import { allows, refuse, type HopExchange, type RelayService } from './service.ts';
import type { Refusal } from './tally.ts';

/** A client wants to be connected to a peer that holds a reservation with us. */
export async function connect(
  service: RelayService,
  exchange: HopExchange,
  destination: string,
): Promise<void> {
  const { peer: source } = exchange;
  if (!service.reservations.holds(destination, service.now()))
    return refuse(service, exchange, 'no-reservation');
  if (!(await allows(() => service.acl.mayRelay(source, destination))))
    return refuse(service, exchange, 'not-allowed');
  const shortage = shortageFor(service, source);
  if (shortage) return refuse(service, exchange, shortage);
  const place = service.circuits.take({ source, destination });
  if (!place) return refuse(service, exchange, 'too-many-circuits');
  try {
    const far = await askDestination(service, exchange, destination);
    if (far) return join(service, exchange, { source, destination, far, place });
  } catch (error) {
    place.release();
    throw error;
  }
  place.release();
  return refuse(service, exchange, 'destination-gone');
}

function shortageFor({ allowance, circuits, limits }: RelayService, source: string): Refusal | undefined {
  if (allowance.isUsedUp(source)) return 'bytes-of-the-day';
  return circuits.buffered() >= limits.bufferedBytes ? 'memory' : undefined;
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
