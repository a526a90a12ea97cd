import { once } from 'node:events';
import { createServer } from 'node:net';
import { LocalNetworkError } from './errors.ts';

const LOOPBACK = '127.0.0.1';

/** A loopback TCP port that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new LocalNetworkError('PORT_TAKEN', 'The system gave no TCP port to listen on');
  }
  return address.port;
}

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
