import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { portOf } from './machines.ts';

/** A TCP proxy on loopback that can fall silent without closing anything, as a line that breaks. */
export interface FreezableProxy {
  readonly port: number;
  freeze(): void;
  close(): void;
}

export async function freezableProxy(targetPort: number): Promise<FreezableProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const target = connect(targetPort, '127.0.0.1');
    for (const end of [socket, target]) sockets.add(end.on('error', () => undefined));
    socket.pipe(target).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server),
    freeze() {
      server.removeAllListeners('connection').on('connection', (socket) => sockets.add(socket));
      for (const socket of sockets) socket.unpipe().pause();
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
