import type { Stream } from '@libp2p/interface';
import { asError } from '../errors.ts';
import { finish } from '../streams/finish.ts';
import { framed } from '../streams/framed.ts';
import { admit, holderOf } from './admit.ts';
import { join, type FarEnd } from './join.ts';
import { decodeStopReply, encodeStopConnect, MAX_RELAY_MESSAGE, STOP_PROTOCOL } from './messages.ts';
import { refuse, type HopExchange, type RelayService } from './service.ts';

/** A client wants to be connected to a peer that holds a reservation with us. */
export async function connect(
  service: RelayService,
  exchange: HopExchange,
  destination: string,
): Promise<void> {
  const { peer: source } = exchange;
  const admission = await admit(service, { source, destination });
  if ('refusal' in admission) return refuse(service, exchange, admission.refusal);
  const { place } = admission;
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

/** Asks the destination to take the connection; undefined when it is gone or does not want it. */
async function askDestination(
  service: RelayService,
  { connection, signal }: HopExchange,
  destination: string,
): Promise<FarEnd | undefined> {
  const holder = holderOf(service, destination);
  if (!holder) return undefined;
  let stream: Stream | undefined;
  try {
    stream = await holder.newStream(STOP_PROTOCOL, {
      signal,
      maxOutboundStreams: service.limits.circuitsPerDestination,
    });
    const messages = framed(stream, MAX_RELAY_MESSAGE);
    messages.write(encodeStopConnect(connection.remotePeer));
    if (decodeStopReply(await messages.read(signal))) return { stream, messages };
    await finish(stream, signal);
  } catch (error) {
    stream?.abort(asError(error));
  }
  return undefined;
}
