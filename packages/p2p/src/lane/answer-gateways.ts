import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { asError, PeerError } from '../errors.ts';
import type { CircuitClient } from '../routes/circuit-client.ts';
import { finish } from '../streams/finish.ts';
import { framed, MOST_EARLY } from '../streams/framed.ts';
import { encodeNo, encodeYes } from '../wire/reply.ts';
import { dialDoor, laneAddress } from './dial-lane.ts';
import { decodeLaneCall, LANE_PROTOCOL, MAX_LANE_MESSAGE } from './gateway-messages.ts';
import type { LaneServer } from './lane-server.ts';

/** Calls of one gateway that may be under way. */
const CALLS = 64;
const CALL_MS = 8_000;

interface Called {
  readonly libp2p: Libp2p;
  readonly lanes: LaneServer;
  readonly circuits: CircuitClient;
}

/** Has a provider come to the doors of its gateways, where the other end of one of its lanes waits. */
export async function answerGateways(called: Called): Promise<void> {
  const onCall = (stream: Stream, connection: Connection): Promise<void> =>
    answer(called, stream, connection);
  await called.libp2p.handle(LANE_PROTOCOL, onCall, { maxInboundStreams: CALLS, maxOutboundStreams: CALLS });
}

async function answer(called: Called, stream: Stream, connection: Connection): Promise<void> {
  const messages = framed(stream, MAX_LANE_MESSAGE, MOST_EARLY);
  const signal = AbortSignal.timeout(CALL_MS);
  try {
    const { lane, ticket } = decodeLaneCall(await messages.read(signal));
    const address = laneAddress(connection);
    // Nobody else may have us dial, and only for a tunnel that we offered a lane.
    const known = called.circuits.holds(connection.remotePeer.toString()) && called.lanes.waits(lane);
    if (!address || !known) messages.write(encodeNo(unknown()));
    else {
      messages.write(encodeYes());
      called.lanes.welcome(lane, await dialDoor(address, ticket, signal));
    }
    await finish(stream, signal);
  } catch (error) {
    stream.abort(asError(error));
  }
}

function unknown(): PeerError {
  return new PeerError('NO_ROUTE', 'No lane of that name is open to this gateway');
}
