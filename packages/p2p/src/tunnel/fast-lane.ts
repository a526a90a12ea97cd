import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from '@libp2p/interface';
import type { Host } from '../host/host.ts';
import { wayThroughGateway } from '../lane/ask-gateway.ts';
import { dialDoor, laneAddress } from '../lane/dial-lane.ts';
import { Lane } from '../lane/lane.ts';
import type { LaneOffer } from '../lane/offer.ts';
import { secureAsClient } from '../lane/secure.ts';
import { laneIdOf } from '../lane/ticket.ts';
import { TunnelDuplex } from './tunnel-duplex.ts';

/** A lane costs a connection and a handshake: what is shorter stays on the stream. */
const BUSY_BYTES = 1 << 20;
const OPEN_MS = 8_000;
/** After an attempt that failed; after the last one the tunnel stays where it is. */
const PAUSES_MS = [1_000, 4_000, 16_000, 64_000];

export interface LaneTerms {
  readonly offer: LaneOffer;
  /** What the tunnel's stream goes over. */
  readonly connection: Connection;
  /** Needed for the way through a gateway. */
  readonly host: Pick<Host, 'libp2p' | 'dialler'> | undefined;
}

/** Has a tunnel go on by a lane when much goes through it. Without a lane it stays where it is. */
export function withLane(stream: Duplex, terms: LaneTerms): Duplex {
  const over = new AbortController();
  const tunnel = new TunnelDuplex(stream);
  tunnel.once('close', () => over.abort());

  async function open(failures: number): Promise<void> {
    const signal = AbortSignal.any([over.signal, AbortSignal.timeout(OPEN_MS)]);
    try {
      const socket = await reach(terms, signal);
      if (socket) tunnel.goOn(new Lane(await secureAsClient(socket, terms.offer, signal)), 'follows');
    } catch {
      // The stream does what is asked; a lane would only do it faster.
      void tryLater(failures);
    }
  }

  /** Only when there is still much to carry then. */
  async function tryLater(failures: number): Promise<void> {
    const pauseMs = PAUSES_MS[failures];
    if (pauseMs === undefined) return;
    try {
      await wait(pauseMs, undefined, { signal: over.signal, ref: false });
      tunnel.onceBusy(BUSY_BYTES, () => void open(failures + 1));
    } catch {
      // The tunnel is over.
    }
  }

  tunnel.onceBusy(BUSY_BYTES, () => void open(0));
  return tunnel;
}

/** The way of the tunnel's own connection; undefined where no TCP connection of ours leads there. */
async function reach(
  { connection, offer, host }: LaneTerms,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  // Where both met half-way, nobody listens.
  if (host?.dialler.isMeeting(connection)) return undefined;
  const address = laneAddress(connection);
  if (address) return dialDoor(address, offer.ticket, signal);
  const way = host && !connection.direct ? wayThroughGateway(host, connection) : undefined;
  return way?.(laneIdOf(offer.ticket), signal);
}
