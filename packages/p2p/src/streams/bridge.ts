import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TunnelDuplex } from '../tunnel/tunnel-duplex.ts';
import { copyOut } from './copy-out.ts';

/**
 * Joins a tunnel and a TCP socket (both with half-open allowed) until both directions have ended. When one
 * breaks, the other is reset, so that nobody takes a cut for an end. Resolves when both are closed; never rejects.
 */
export function bridge(tunnel: Duplex, socket: Socket): Promise<void> {
  socket.setNoDelay(true);
  if (tunnel instanceof TunnelDuplex) copyOut(tunnel, socket).on('end', () => socket.end());
  else tunnel.pipe(socket);
  socket.pipe(tunnel);
  tunnel.on('error', () => socket.resetAndDestroy());
  socket.on('error', (error) => tunnel.destroy(error));
  socket.on('close', () => {
    if (!socket.readableEnded || !socket.writableFinished) tunnel.destroy();
  });
  tunnel.on('close', () => {
    if (!tunnel.readableEnded || !tunnel.writableFinished) socket.resetAndDestroy();
  });
  return Promise.all([closed(tunnel), closed(socket)]).then(() => undefined);
}

function closed(stream: Duplex): Promise<void> {
  if (stream.closed) return Promise.resolve();
  return new Promise((resolve) => stream.once('close', resolve));
}
