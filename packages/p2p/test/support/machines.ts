import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP server on loopback that stands for a port of a rented machine. */
export interface FakeMachine {
  readonly port: number;
  close(): Promise<void>;
}

export async function fakeMachine(serve: (socket: Socket) => void): Promise<FakeMachine> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    serve(socket);
  });
  await listening(server);
  return {
    port: portOf(server),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function listening(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

export function portOf(server: Server): number {
  const address = server.address() as AddressInfo;
  return address.port;
}

/** Sends everything back. */
export function echo(socket: Socket): void {
  socket.pipe(socket);
}

/** After the client's end of stream, sends the SHA-256 of what came. */
export function hashSink(socket: Socket): void {
  const hash: Hash = createHash('sha256');
  socket.on('data', (chunk: Buffer) => hash.update(chunk));
  socket.on('end', () => socket.end(hash.digest('hex')));
}

/** A TCP port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const port = portOf(server);
  server.close();
  await once(server, 'close');
  return port;
}
