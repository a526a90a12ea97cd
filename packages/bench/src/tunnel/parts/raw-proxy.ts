/** A TCP proxy that does nothing but copy: what Node.js could do at best. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { servePart } from './serve-part.ts';

servePart<{ readonly target: number }>(async ({ target }) => {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.pipe(far).pipe(socket);
    socket.on('error', () => far.destroy());
    far.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ready: { port: (server.address() as AddressInfo).port } };
});
