import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Frames } from '../src/chain/frames.ts';

test('frames made ahead are what a server reads, in the order of the texts', async () => {
  const texts = [126, 127, 300, 65_535].map((size, index) => `${index}é`.padEnd(size - 1, 'x'));
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    const signal = AbortSignal.timeout(10_000);
    const connected = once(server, 'connection', { signal });
    const [{ socket }] = (await once(client, 'upgrade', { signal })) as [IncomingMessage];
    const [peer] = (await connected) as [WebSocket];
    const read = texts.map(() => Promise.withResolvers<string>());
    let at = 0;
    peer.on('message', (data: Buffer) => read[at++]?.resolve(data.toString()));
    const frames = new Frames(texts);
    expect(frames.count).toBe(4);
    socket.write(frames.slice(0, 1));
    socket.write(frames.slice(1, 4));
    await expect(Promise.all(read.map(({ promise }) => promise))).resolves.toEqual(texts);
  } finally {
    client.terminate();
    server.close();
  }
});

test('a text that needs another kind of frame is refused', () => {
  for (const size of [0, 125, 65_536]) expect(() => new Frames(['x'.repeat(size)])).toThrow(RangeError);
});
