import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { cleanup } from './support/cleanup.ts';
import { gatewayHost, peerHost } from './support/network.ts';

const keep = cleanup();

const OPENING =
  'GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
  'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

/** A stranger who has opened a WebSocket. */
async function stranger(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  keep({ close: () => socket.destroy() });
  socket.write(OPENING);
  await once(socket, 'data');
  return socket.resume();
}

test.each([
  ['that nothing is known of', '83 80 00000000'],
  ['of text that is none', '81 82 00000000 fffe'],
  ['without a mask', '82 01 00'],
  ['that closes, and says why in half a word', '88 81 00000000 00'],
  ['of 64 MiB', '82 ff 0000000004000000 00000000'],
])('who sends a frame %s is hung up on, and the host goes on', async (_, hex) => {
  const gateway = keep(await gatewayHost(undefined, { listen: ['/ip4/127.0.0.1/tcp/0/ws'] }));
  const port = Number(gateway.libp2p.getMultiaddrs()[0]?.getComponents()[1]?.value);
  const socket = await stranger(port);
  socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  await once(socket, 'close');
  const { libp2p } = keep(await peerHost());
  expect(await libp2p.dial(gateway.libp2p.getMultiaddrs())).toMatchObject({ status: 'open' });
});
