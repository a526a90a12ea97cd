import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { forwardPort } from '../src/index.ts';
import { cleanup } from '../test/support/cleanup.ts';
import { hashSink } from '../test/support/machines.ts';
import { until } from '../test/support/network.ts';
import { relayedLease } from '../test/support/relayed.ts';

const STREAMS = 500;
/** That are opened at the same moment. */
const OPENING = 50;
const keep = cleanup();

/** Sends its own bytes and the end, and checks that exactly these came out at the machine. */
async function upload(port: number, index: number): Promise<string> {
  // Sizes around those of frames and windows, and some that are larger than both.
  const data = randomBytes(1000 + (index % 7) * 65_521 + (index % 50 === 0 ? 1 << 20 : 0));
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  socket.write(data.subarray(0, 500));
  const answer = text(socket);
  socket.end(data.subarray(500));
  return (await answer) === createHash('sha256').update(data).digest('hex') ? 'whole' : 'damaged';
}

test('500 tunnels at once over one relayed connection, each with its own bytes and its own ends', async () => {
  let atOnce = 0;
  let most = 0;
  const { open, gateways, client, server } = await relayedLease({
    keep,
    machine: (socket) => {
      most = Math.max(most, (atOnce += 1));
      socket.on('close', () => (atOnce -= 1));
      // Nobody's end is answered before everybody has come.
      const all = setInterval(() => {
        if (most < STREAMS) return;
        clearInterval(all);
        hashSink(socket);
      }, 20);
      socket.on('close', () => clearInterval(all));
    },
  });
  const errors: Error[] = [];
  const forward = keep(await forwardPort({ port: 0, open, onError: (error) => errors.push(error) }));
  const before = process.memoryUsage().rss;
  const uploads: Promise<string>[] = [];
  while (uploads.length < STREAMS) {
    uploads.push(upload(forward.port, uploads.length));
    // Each has half a minute to be opened, in which a busy host does not open them all; open they are all at the same time.
    await until(() => errors.length > 0 || most >= uploads.length - OPENING);
  }
  const results = await Promise.all(uploads);
  expect(errors).toEqual([]);
  expect(new Set(results)).toEqual(new Set(['whole']));
  expect(most).toBe(STREAMS);
  expect(client.libp2p.getConnections().filter(({ direct }) => !direct)).toHaveLength(1);
  // All of both ends and the gateway between them are in this process.
  expect(process.memoryUsage().rss - before).toBeLessThan(1 << 30);
  await until(() => server.counts().size === 0);
  // The lanes of the larger ones end with them.
  await until(() => gateways[0]?.relay.circuits() === 1);
});
