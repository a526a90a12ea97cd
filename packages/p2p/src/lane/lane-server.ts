import type { Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { LaneDoor } from './door.ts';
import { newOffer, type LaneOffer } from './offer.ts';
import { LANE_TLS, tune } from './secure.ts';
import { laneIdOf } from './ticket.ts';

/** The lanes that clients may open to this host, each for one tunnel. */
export interface LaneServer {
  /** `onLane` is called at most once, with a lane whose other end knows the key. */
  offer(onLane: (lane: TLSSocket) => void): OfferedLane;
  /** Whether somebody may come for the lane of that name. */
  waits(id: string): boolean;
  /** The other end is there, by a connection that we made. */
  welcome(id: string, socket: Socket): void;
}

export interface OfferedLane {
  readonly offer: LaneOffer;
  /** Nobody may come any more. */
  close(): void;
}

interface Waiting {
  readonly key: Uint8Array;
  readonly onLane: (lane: TLSSocket) => void;
  /** Connections that show the ticket and have yet to prove that they know the key. */
  readonly unproved: Set<Socket>;
  close(): void;
}

/** Who has seen a ticket on its way can show it too, but proves nothing, and keeps nobody else out for long. */
const UNPROVED = 4;
const HANDSHAKE_MS = 5_000;

export function laneServer(door: LaneDoor): LaneServer {
  const waiting = new Map<string, Waiting>();
  /** What they were asked the key of; whoever gets in without that has shown something else. */
  const asked = new WeakMap<TLSSocket, string>();
  const server = createServer({
    ...LANE_TLS,
    handshakeTimeout: HANDSHAKE_MS,
    pskCallback(socket, identity) {
      asked.set(socket, identity);
      return waiting.get(identity)?.key ?? null;
    },
  });
  server.on('secureConnection', (lane) => {
    const entry = waiting.get(asked.get(lane) ?? '');
    if (!entry) return void lane.destroy();
    entry.close();
    entry.onLane(lane);
  });

  function secure(socket: Socket, { unproved }: Waiting): void {
    if (unproved.size >= UNPROVED) return void socket.resetAndDestroy();
    unproved.add(socket);
    socket.once('close', () => unproved.delete(socket));
    tune(socket);
    server.emit('connection', socket);
  }

  return {
    waits(id) {
      const entry = waiting.get(id);
      return entry !== undefined && entry.unproved.size < UNPROVED;
    },
    welcome(id, socket) {
      const entry = waiting.get(id);
      if (entry) secure(socket, entry);
      else socket.destroy();
    },
    offer(onLane) {
      const offer = newOffer();
      const id = laneIdOf(offer.ticket);
      const expected = door.expect(offer.ticket, (socket) => secure(socket, entry));
      const entry: Waiting = {
        key: offer.key,
        onLane,
        unproved: new Set(),
        close() {
          expected.close();
          waiting.delete(id);
        },
      };
      waiting.set(id, entry);
      return { offer, close: entry.close };
    },
  };
}
