import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Hands back what ends, at once, every connection on which nothing is asked, and each other one as soon as its answer is out. Node's own takes a
 * connection that has asked nothing yet, as browsers open them ahead, for a busy one, and keeps one whose answer ends later.
 */
export function watchConnections(server: Server): () => void {
  const idle = new Set<Socket>();
  let isEnding = false;

  function free(socket: Socket): void {
    if (socket.destroyed) return;
    idle.add(socket);
    if (isEnding) socket.destroySoon();
  }

  server.on('connection', (socket: Socket) => {
    socket.once('close', () => idle.delete(socket));
    free(socket);
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    idle.delete(socket);
    response.once('close', () => free(socket));
  });
  return () => {
    isEnding = true;
    for (const socket of idle) socket.destroySoon();
  };
}
