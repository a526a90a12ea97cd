import { once } from 'node:events';
import { connect, Server, Socket } from 'node:net';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import type { Listener } from '@libp2p/interface';
import { webSockets } from '@libp2p/websockets';
import { createLibp2p } from 'libp2p';
import { expect, test } from 'vitest';
import { boundOpening, type OpeningBounds } from '../src/host/web-socket-opening.ts';
import { cleanup } from './support/cleanup.ts';
import { peerHost } from './support/network.ts';

const keep = cleanup();

async function bounded(bounds: Partial<OpeningBounds>) {
  const listeners: Listener[] = [];
  const libp2p = await createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'] },
    transports: [
      (components) => {
        const transport = boundOpening(webSockets()(components), bounds);
        const create = transport.createListener.bind(transport);
        transport.createListener = (options) => {
          const listener = create(options);
          listeners.push(listener);
          return listener;
        };
        return transport;
      },
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  keep(libp2p);
  const port = Number(libp2p.getMultiaddrs()[0]?.getComponents()[1]?.value);
  const come = async (words: string): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    keep({ close: () => socket.destroy() });
    await once(socket, 'connect');
    socket.write(words);
    return socket.resume();
  };
  const [listener] = listeners;
  const server = listener && 'server' in listener ? listener.server : undefined;
  return { addresses: libp2p.getMultiaddrs(), come, server };
}

test.each([
  ['nothing', ''],
  ['the beginning of a request', 'GET / HTTP/1.1\r\nhost: a\r\n'],
  ['a request for something else', 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'],
  ['a WebSocket without its end', 'GET / HTTP/1.1\r\nupgrade: websocket\r\nconnection: upgrade\r\n'],
])('who says %s to a WebSocket port is hung up on', async (_, words) => {
  const { come } = await bounded({ openingMs: 200 });
  const socket = await come(words);
  await once(socket, 'close');
});

test('who has opened one stays, however long', async () => {
  const { addresses } = await bounded({ openingMs: 1_500 });
  const connection = await keep(await peerHost()).libp2p.dial(addresses);
  const { come } = await bounded({ openingMs: 2_000 });
  // Longer than its own time could be.
  await once(await come(''), 'close');
  expect(connection.status).toBe('open');
});

test('of too many that open none, the oldest goes, and honest ones get in', async () => {
  const { addresses, come } = await bounded({ opening: 3 });
  const oldest = await come('');
  const gone = once(oldest, 'close');
  const others = [await come(''), await come(''), await come('')];
  await gone;
  const { libp2p } = keep(await peerHost());
  expect(await libp2p.dial(addresses)).toMatchObject({ status: 'open' });
  expect(others.at(-1)?.closed).toBe(false);
});

test('who comes from an address that has no name here, as a link-local one with its zone, is hung up on', async () => {
  const { server } = await bounded({});
  expect.assert(server instanceof Server);
  const socket = new Socket();
  Object.defineProperties(socket, { remoteAddress: { value: 'fe80::1%eth0' }, remotePort: { value: 4001 } });
  const closed = once(socket, 'close');
  server.emit('connection', socket);
  await closed;
});
