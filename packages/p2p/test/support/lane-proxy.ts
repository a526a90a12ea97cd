import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { LANE_MAGIC } from '../../src/lane/ticket.ts';
import { portOf } from './machines.ts';

/** One lane that goes through the proxy. */
export interface ProxiedLane {
  /** The first bytes: the greeting, with the ticket. */
  readonly greeting: Buffer;
  /** Bytes that have passed, to the host behind and from it. */
  readonly bytes: { in: number; out: number };
  cut(): void;
}

/** A TCP proxy in front of a host, that tells lanes from the library's connections. */
export interface LaneProxy {
  readonly port: number;
  readonly lanes: ProxiedLane[];
  close(): void;
}

export interface LaneProxyOptions {
  /** Hears of every portion in a lane before it is passed on; after a `false` the lane is cut instead. */
  onBytes?: (lane: ProxiedLane) => boolean;
}

export async function laneProxy(targetPort: number, { onBytes }: LaneProxyOptions = {}): Promise<LaneProxy> {
  const sockets = new Set<Socket>();
  const lanes: ProxiedLane[] = [];

  function join(socket: Socket, first: Buffer): void {
    const target = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
    for (const end of [socket, target]) sockets.add(end.on('error', () => undefined));
    const bytes = { in: first.length, out: 0 };
    const cut = (): void => {
      for (const end of [socket, target]) end.destroy();
    };
    const lane = { greeting: first, bytes, cut };
    const isLane = first.subarray(0, LANE_MAGIC.length).equals(LANE_MAGIC);
    if (isLane) lanes.push(lane);
    const pass = (from: Socket, to: Socket, portion: Buffer): void => {
      if (isLane && onBytes?.(lane) === false) cut();
      else if (!to.write(portion)) from.pause();
    };
    pass(socket, target, first);
    socket
      .on('drain', () => target.resume())
      .on('data', (portion: Buffer) => {
        bytes.in += portion.length;
        pass(socket, target, portion);
      });
    target
      .on('drain', () => socket.resume())
      .on('data', (portion: Buffer) => {
        bytes.out += portion.length;
        pass(target, socket, portion);
      });
    socket.on('close', () => target.destroySoon());
    target.on('close', () => socket.destroySoon());
  }

  const server = createServer({ noDelay: true }, (socket) => {
    socket.once('data', (first: Buffer) => join(socket, first));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    lanes,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
