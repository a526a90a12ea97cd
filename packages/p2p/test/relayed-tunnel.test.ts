import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { forwardPort } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { hashSink } from './support/machines.ts';
import { steady } from './support/network.ts';
import { relayedLease } from './support/relayed.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

/** The same pseudo-random bytes for the same seed, made as they are read. */
function* blocks(count: number): Generator<Buffer> {
  const block = randomBytes(MEBIBYTE);
  for (let index = 0; index < count; index++) yield Buffer.concat([Buffer.from(`${index}`), block]);
}

describe('a tunnel through a gateway', { timeout: 90_000 }, () => {
  test('carries 64 MiB up, then the end, then the answer', async () => {
    const { open, gateways, client } = await relayedLease({ keep, machine: hashSink });
    const hash = createHash('sha256');
    const tunnel = await open();
    const answer = text(tunnel);
    for (const block of blocks(64)) {
      hash.update(block);
      if (!tunnel.write(block)) await once(tunnel, 'drain');
    }
    tunnel.end();
    expect(await answer).toBe(hash.digest('hex'));
    expect(gateways[0]?.relay.traffic().get(client.peerId)?.asSource.in).toBeGreaterThan(64 * MEBIBYTE);
  });

  test('carries 64 MiB down and its end, after our own end', async () => {
    const hash = createHash('sha256');
    const { open } = await relayedLease({
      keep,
      // Only after the client's half-close, so both halves end on their own.
      machine: (socket) =>
        socket.resume().on('end', () => {
          const source = Readable.from(blocks(64));
          source.on('data', (block: Buffer) => hash.update(block));
          source.pipe(socket);
        }),
    });
    const tunnel = await open();
    tunnel.end();
    const received = createHash('sha256');
    for await (const chunk of tunnel) received.update(chunk as Buffer);
    expect(received.digest('hex')).toBe(hash.digest('hex'));
  });

  test('serves 50 streams at once through a forwarded port', async () => {
    const { open } = await relayedLease({ keep, machine: hashSink });
    const errors: Error[] = [];
    const forward = keep(await forwardPort({ port: 0, open, onError: (error) => errors.push(error) }));
    const data = randomBytes(MEBIBYTE);
    const expected = createHash('sha256').update(data).digest('hex');
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => {
        const socket = connect({ port: forward.port, host: '127.0.0.1', allowHalfOpen: true });
        socket.end(data);
        return text(socket);
      }),
    );
    expect(errors).toEqual([]);
    expect(
      new Set(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : answer.reason))),
    ).toEqual(new Set([expected]));
  });

  test('a reader that stops holds up the writer, not the memory of gateway and provider', async () => {
    let sent = 0;
    const { open } = await relayedLease({
      keep,
      machine: (socket) => {
        const source = Readable.from(blocks(96));
        source.on('data', (block: Buffer) => (sent += block.length));
        source.pipe(socket);
      },
    });
    const before = process.memoryUsage().rss;
    const tunnel = await open();
    tunnel.pause();
    await steady(() => sent);
    // Sockets, windows and buffers on the way hold some; the rest waits at the source.
    expect(sent).toBeLessThan(48 * MEBIBYTE);
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * MEBIBYTE);
    let received = 0;
    for await (const chunk of tunnel) received += (chunk as Buffer).length;
    expect(received).toBe(sent);
    expect(sent).toBeGreaterThan(95 * MEBIBYTE);
    // Our half is open still: to lose it would be an error.
    tunnel.destroy();
  });
});
