import type { Server } from 'node:http';
import { createServer } from 'node:net';

/** What is the same by IPv6. */
const BY_SIX: Readonly<Record<string, string>> = { '127.0.0.1': '::1', '0.0.0.0': '::' };

/**
 * Has a server that listens to an address of IPv4 take connections by IPv6, too, on the same port: as with Substrate, who comes by
 * `localhost` finds the node whichever of the two that is there. Left out where the machine has none, or another program the port.
 * Answers what ends it, which waits until its connections are closed.
 */
export function listenBySix(http: Server, address: string, port: number): Promise<() => Promise<void>> {
  const host = BY_SIX[address];
  if (host === undefined) return Promise.resolve(() => Promise.resolve());
  const six = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    http.emit('connection', socket),
  );
  six.maxConnections = http.maxConnections;
  const close = (): Promise<void> =>
    new Promise((resolve) => (six.listening ? void six.close(() => resolve()) : resolve()));
  return new Promise((resolve) => {
    six.on('error', () => resolve(close));
    six.listen({ host, port, ipv6Only: true }, () => resolve(close));
  });
}
