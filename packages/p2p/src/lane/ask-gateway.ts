import type { Socket } from 'node:net';
import type { Connection } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { askOn, newStream } from '../access/ask-provider.ts';
import type { Host } from '../host/host.ts';
import { dialDoor, laneAddress, type TcpAddress } from './dial-lane.ts';
import { decodeTicket, encodeLaneRequest, LANE_PROTOCOL, MAX_LANE_MESSAGE } from './gateway-messages.ts';

/** How a client gets to the other end of a lane. */
export type LaneWay = (lane: string, signal: AbortSignal) => Promise<Socket>;

/** The way through the gateway of a relayed connection; undefined where that was not dialled by plain TCP. */
export function wayThroughGateway(
  { libp2p }: Pick<Host, 'libp2p'>,
  { remoteAddr, remotePeer }: Connection,
): LaneWay | undefined {
  const gateway = gatewayIn(remoteAddr.toString());
  if (gateway === undefined) return undefined;
  for (const connection of libp2p.getConnections(peerIdFromString(gateway)).toReversed()) {
    const address = connection.status === 'open' ? laneAddress(connection) : undefined;
    if (address)
      return (lane, signal) => ask({ connection, address, to: remotePeer.toString(), lane }, signal);
  }
  return undefined;
}

interface Question {
  readonly connection: Connection;
  readonly address: TcpAddress;
  readonly to: string;
  readonly lane: string;
}

async function ask({ connection, address, to, lane }: Question, signal: AbortSignal): Promise<Socket> {
  const stream = await newStream(connection, LANE_PROTOCOL, signal);
  const request = encodeLaneRequest({ to, lane });
  const { reply } = await askOn(stream, { request, maxMessage: MAX_LANE_MESSAGE, signal });
  await stream.close({ signal });
  return dialDoor(address, decodeTicket(reply), signal);
}

/** The gateway's peer id, out of the address of a connection through it. */
function gatewayIn(address: string): string | undefined {
  return /\/p2p\/([^/]+)\/p2p-circuit/.exec(address)?.[1];
}
