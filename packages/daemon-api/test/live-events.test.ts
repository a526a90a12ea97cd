import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from './support.ts';

const WAIT = { timeout: 20_000, interval: 5 };

/** Reads a stream of events until it has seen the text. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let seen = '';
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) return seen;
    seen += Buffer.from(value).toString();
  }
  return seen;
}

async function listen(url: string, headers: Record<string, string>) {
  const answer = await fetch(`${url}/events`, { headers });
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const reader = answer.body?.getReader();
  expect(reader).toBeDefined();
  return reader as ReadableStreamDefaultReader<Uint8Array>;
}

/** A listener that never reads what comes. */
async function deafListener(url: string, token: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.write(`GET /events HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n\r\n`);
  return socket;
}

describe('live updates', () => {
  it('reach every listener', async () => {
    const { url, bearer, events } = await serve();
    const readers = [await listen(url, bearer), await listen(url, bearer)];
    for (const reader of readers) await readUntil(reader, 'event: ready');
    events.publish('lease', { id: '7' });
    for (const reader of readers)
      expect(await readUntil(reader, '\n\n')).toContain('event: lease\ndata: {"id":"7"}\n\n');
  });

  it('go on quietly with signs of life', async () => {
    const { url, bearer } = await serve({ live: { quietMs: 10 } });
    expect(await readUntil(await listen(url, bearer), ': still here')).toContain('event: ready');
  });

  it('refuse one listener too many, and take one again when another has gone', async () => {
    const { url, bearer, events } = await serve({ live: { maxListeners: 1 } });
    const first = await listen(url, bearer);
    const refused = await fetch(`${url}/events`, { headers: bearer });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 'TOO_MANY_LISTENERS' });
    await first.cancel();
    await vi.waitFor(() => expect(events.listeners).toBe(0), WAIT);
    await listen(url, bearer);
    expect(events.listeners).toBe(1);
  });

  it('cut off who reads too slowly, and keep the others', async () => {
    const { url, token, bearer, events } = await serve({ live: { maxUnreadBytes: 64 * 1024 } });
    await deafListener(url, token);
    await vi.waitFor(() => expect(events.listeners).toBe(1), WAIT);
    const good = await listen(url, bearer);
    const filler = 'x'.repeat(16 * 1024);
    // More than the socket's own buffers take, told one by one so that the good listener keeps up.
    for (let round = 0; events.listeners === 2 && round < 4_000; round++) {
      events.publish('filler', { round, filler });
      await readUntil(good, `"round":${round},`);
    }
    expect(events.listeners).toBe(1);
    events.publish('after', {});
    expect(await readUntil(good, 'event: after')).toContain('event: after');
  });

  it('do not hold up the stop of the daemon, nor does a connection that has asked nothing yet', async () => {
    const { api, url, bearer } = await serve({ limits: { requestMs: 250_000 } });
    const { hostname, port } = new URL(url);
    const ahead = connect(Number(port), hostname);
    await once(ahead, 'connect');
    const listener = connect(Number(port), hostname);
    listener.write(
      `GET /events HTTP/1.1\r\nhost: localhost\r\nauthorization: ${bearer.authorization}\r\n\r\n`,
    );
    while (!String((await once(listener, 'data'))[0]).includes('event: ready'));
    const ended = [once(ahead.resume(), 'end'), once(listener.resume(), 'end')];
    await api.close();
    await Promise.all(ended);
  });

  it('end when the daemon stops', async () => {
    const { url, bearer, lifecycle } = await serve();
    const reader = await listen(url, bearer);
    await lifecycle.stop();
    expect(await readUntil(reader, 'never')).toContain('event: ready');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
  });
});
