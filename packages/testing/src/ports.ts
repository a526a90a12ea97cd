import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { LocalNetworkError } from './errors.ts';

const LOOPBACK = '127.0.0.1';

/**
 * Ports that other processes of this kind leave alone, below those that a system gives to whoever asks for any port: what is found
 * free here is used much later, when the kernel may long have given it to somebody else. Where two have the same ones by their
 * numbers, they begin at different places.
 */
const OWN = { first: 20_000 + (process.pid % 100) * 100, count: 100 };
let asked = randomInt(OWN.count);

/** A loopback TCP port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < OWN.count; tries += 1) {
    const port = OWN.first + (asked++ % OWN.count);
    if (await isFree(port)) return port;
  }
  throw new LocalNetworkError('PORT_TAKEN', `No port from ${OWN.first} on is free to listen on`);
}

const isFree = (port: number): Promise<boolean> =>
  requireFreePort(port, 'somebody').then(
    () => true,
    () => false,
  );

/** Throws a sentence that names the port and what wanted it, if somebody already listens there. */
export async function requireFreePort(port: number, wantedBy: string): Promise<void> {
  const server = createServer();
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
  } catch (error) {
    throw new LocalNetworkError(
      'PORT_TAKEN',
      `Port ${port}, which ${wantedBy} needs, is taken. Stop what uses it (another local network?) and try again.`,
      { cause: error },
    );
  }
  server.close();
  await once(server, 'close');
}
