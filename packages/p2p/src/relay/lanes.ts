import type { Socket } from 'node:net';
import type { Connection, Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import type { LaneDoor } from '../lane/door.ts';
import {
  decodeLaneRequest,
  encodeLaneCall,
  LANE_PROTOCOL,
  MAX_LANE_MESSAGE,
  type LaneRequest,
} from '../lane/gateway-messages.ts';
import { newTicket, type Ticket } from '../lane/ticket.ts';
import { finish } from '../streams/finish.ts';
import { framed, MOST_EARLY } from '../streams/framed.ts';
import { decodeReply, encodeNo, encodeYes } from '../wire/reply.ts';
import { tune } from '../lane/secure.ts';
import { admit, holderOf } from './admit.ts';
import { joinSockets } from './join-sockets.ts';
import type { RelayService } from './service.ts';
import type { Refusal } from './tally.ts';

/** Both ends have to be at the door by then, in ms. */
const MEET_MS = 8_000;

const SENTENCES: Record<Refusal, string> = {
  'not-allowed': 'This gateway does not relay between these peers',
  'too-many-reservations': 'This gateway has too many reservations',
  'no-reservation': 'The provider has no reservation with this gateway',
  'too-many-circuits': 'There are too many relayed connections',
  'bytes-of-the-day': 'The bytes of this day are used up',
  memory: 'This gateway has no memory left for more',
  'destination-gone': 'The provider is gone, or does not want it',
};

/**
 * Answers `/hamster/lane/1`: two peers that may have a circuit may have a lane, too. They meet at this gateway's door, and
 * from then on bytes go from socket to socket, encrypted between the two ends. A lane counts as a circuit in everything.
 */
export function serveLanes(service: RelayService, door: LaneDoor): Promise<void> {
  const onRequest = (stream: Stream, connection: Connection): Promise<void> =>
    answer({ service, door }, stream, connection);
  return service.libp2p.handle(LANE_PROTOCOL, onRequest, {
    maxInboundStreams: service.limits.circuitsPerSource,
    maxOutboundStreams: service.limits.circuitsPerDestination,
  });
}

interface Lanes {
  readonly service: RelayService;
  readonly door: LaneDoor;
}

async function answer(lanes: Lanes, stream: Stream, connection: Connection): Promise<void> {
  const messages = framed(stream, MAX_LANE_MESSAGE, MOST_EARLY);
  const signal = AbortSignal.timeout(MEET_MS);
  const say = async (words: Uint8Array): Promise<void> => {
    messages.write(words);
    await finish(stream, signal);
  };
  try {
    const request = decodeLaneRequest(await messages.read(signal));
    const source = connection.remotePeer.toString();
    const refusal = connection.direct
      ? await meet(lanes, { ...request, source, say, signal })
      : 'not-allowed';
    if (!refusal) return;
    lanes.service.refusals.add(refusal);
    await say(encodeNo(new PeerError('RELAY_LIMIT', SENTENCES[refusal])));
  } catch (error) {
    stream.abort(asError(error));
  }
}

interface Meeting extends LaneRequest {
  readonly source: string;
  readonly signal: AbortSignal;
  /** Answers who asked. */
  say(words: Uint8Array): Promise<void>;
}

/** Brings both ends together, or says why not. Throws when one does not come. */
async function meet({ service, door }: Lanes, meeting: Meeting): Promise<Refusal | undefined> {
  const { source, to: destination, say, signal } = meeting;
  const admission = await admit(service, { source, destination });
  if ('refusal' in admission) return admission.refusal;
  const { place } = admission;
  const [near, far] = [guest(door, signal), guest(door, signal)];
  try {
    if (!(await call(service, meeting, far.ticket))) {
      place.release();
      return 'destination-gone';
    }
    await say(encodeYes({ ticket: near.ticket }));
    const [nearSocket, farSocket] = await Promise.all([near.came, far.came]);
    joinSockets(service, { source, destination, place, near: nearSocket, far: farSocket });
    return undefined;
  } catch (error) {
    place.release();
    for (const { came } of [near, far])
      void came.then(
        (socket) => socket.destroy(),
        () => undefined,
      );
    throw error;
  } finally {
    for (const { close } of [near, far]) close();
  }
}

interface Guest {
  readonly ticket: Ticket;
  /** Rejects when the time is over. */
  readonly came: Promise<Socket>;
  close(): void;
}

/** Somebody who is expected at the door, once. */
function guest(door: LaneDoor, signal: AbortSignal): Guest {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const ticket = newTicket();
  const entry = door.expect(ticket, (socket) => {
    entry.close();
    tune(socket);
    resolve(socket);
  });
  signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true });
  promise.catch(() => undefined);
  return { ticket, came: promise, close: entry.close };
}

/** Asks the provider to come; false when it does not want to. */
async function call(service: RelayService, { to, lane, signal }: Meeting, ticket: Ticket): Promise<boolean> {
  let stream: Stream | undefined;
  try {
    stream = await holderOf(service, to)?.newStream(LANE_PROTOCOL, {
      signal,
      maxOutboundStreams: service.limits.circuitsPerDestination,
    });
    if (!stream) return false;
    const messages = framed(stream, MAX_LANE_MESSAGE);
    messages.write(encodeLaneCall({ lane, ticket }));
    decodeReply(await messages.read(signal));
    await finish(stream, signal);
    return true;
  } catch (error) {
    stream?.abort(asError(error));
    return false;
  }
}
