import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { asError, PeerError } from '../errors.ts';
import { bridge } from '../streams/bridge.ts';

export interface ForwardOptions {
  /** Where to listen; a port of 0 takes a free one. Loopback by default. */
  readonly host?: string;
  readonly port: number;
  /** A new tunnel for each connection. */
  open(signal: AbortSignal): Promise<Duplex>;
  /** At most so many connections at once. */
  readonly connections?: number;
  /** Told when a tunnel cannot be opened, or there are too many connections; the connection is reset. */
  onError?: (error: Error) => void;
}

export interface Forward {
  readonly port: number;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

const CONNECTIONS = 512;

/** A local TCP port whose connections come out at a port of a lease's machine. Throws PeerError LISTEN_FAILED. */
export async function forwardPort(options: ForwardOptions): Promise<Forward> {
  const { host = '127.0.0.1' } = options;
  const ending = new AbortController();
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => {
    void carry(socket, options, ending.signal);
  });
  const most = options.connections ?? CONNECTIONS;
  server.maxConnections = most;
  server.on('drop', () => options.onError?.(tooMany(most)));
  server.listen(options.port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PeerError(
      'LISTEN_FAILED',
      `Cannot listen on ${host}:${options.port}: ${asError(cause).message}`,
    );
  }
  return {
    port: portOf(server),
    async close() {
      ending.abort();
      server.close();
      await once(server, 'close');
    },
  };
}

async function carry(socket: Socket, options: ForwardOptions, ending: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const giveUp = (): void => {
    gone.abort();
    socket.resetAndDestroy();
  };
  socket.on('error', () => gone.abort());
  ending.addEventListener('abort', giveUp);
  try {
    const tunnel = await options.open(gone.signal);
    const done = bridge(tunnel, socket);
    socket.resume();
    await done;
  } catch (error) {
    options.onError?.(asError(error));
    socket.resetAndDestroy();
  } finally {
    ending.removeEventListener('abort', giveUp);
  }
}

function tooMany(most: number): PeerError {
  return new PeerError(
    'TOO_MANY_STREAMS',
    `There are ${most} connections to this port already, and no more are taken; close some`,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
