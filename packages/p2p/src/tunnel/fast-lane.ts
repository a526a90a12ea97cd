import type { Duplex } from 'node:stream';
import type { Connection } from '@libp2p/interface';
import { dialDoor, laneAddress, type TcpAddress } from '../lane/dial-lane.ts';
import { Lane } from '../lane/lane.ts';
import type { LaneOffer } from '../lane/offer.ts';
import { secureAsClient } from '../lane/secure.ts';
import { TunnelDuplex } from './tunnel-duplex.ts';

/** A lane costs a connection and a handshake: what is shorter stays on the stream. */
const BUSY_BYTES = 1 << 20;
const OPEN_MS = 8_000;

/** Has a tunnel go on by a lane when much goes through it. Without a lane it stays where it is. */
export function withLane(stream: Duplex, connection: Connection, offer: LaneOffer): Duplex {
  const address = laneAddress(connection);
  if (!address) return stream;
  const over = new AbortController();
  const tunnel = new TunnelDuplex(stream, { busy: { bytes: BUSY_BYTES, onBusy: () => void open(address) } });
  tunnel.once('close', () => over.abort());

  async function open(at: TcpAddress): Promise<void> {
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(OPEN_MS)]);
    try {
      const socket = await dialDoor(at, offer.ticket, signal);
      tunnel.goOn(new Lane(await secureAsClient(socket, offer, signal)), 'follows');
    } catch {
      // The stream does what is asked; a lane would only do it faster.
    }
  }

  return tunnel;
}
