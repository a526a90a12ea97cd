import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const QUESTION = '{"jsonrpc":"2.0","id":1,"method":"system_name","params":[]}';
const ANSWER = { jsonrpc: '2.0', id: 1, result: 'Hamster Node' };
const UPGRADE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

describe('WebSockets of the RPC server', () => {
  const running: TestServer[] = [];
  const start = async (...args: Parameters<typeof serve>): Promise<TestServer> => {
    const server = await serve(...args);
    running.push(server);
    return server;
  };
  const open = async (server: TestServer, options: ClientOptions = {}, path = ''): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.server.port}${path}`, options);
    await once(socket, 'open');
    return socket;
  };
  const answerOn = async (socket: WebSocket): Promise<unknown> =>
    JSON.parse(String(await once(socket, 'message'))) as unknown;

  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });

  it('take a request in pieces, with a ping between two of them', async () => {
    const socket = await open(await start());
    const [pong, answer] = [once(socket, 'pong'), answerOn(socket)];
    for (const letter of QUESTION.slice(0, 10)) socket.send(letter, { fin: false });
    socket.ping('hello');
    socket.send(QUESTION.slice(10), { fin: true });
    expect(String(await pong)).toBe('hello');
    expect(await answer).toEqual(ANSWER);
  });

  it('take a request as a binary message, and answer with text', async () => {
    const socket = await open(await start());
    const binary = new Promise((resolve) => socket.once('message', (_data, isBinary) => resolve(isBinary)));
    const answer = answerOn(socket);
    socket.send(Buffer.from(QUESTION));
    expect([await answer, await binary]).toEqual([ANSWER, false]);
  });

  it('answer in short and in long frames, and in order', async () => {
    const socket = await open(await start());
    const answerTo = (id: string): string => `{"jsonrpc":"2.0","id":"${id}","result":"Hamster Node"}`;
    const room = 125 - Buffer.byteLength(answerTo(''));
    // Of one, two, three and four bytes a character, up to the last short frame and from the first long one.
    const ids = ['x', 'é', '€', '🐹'].flatMap((letter) => {
      const count = Math.floor(room / Buffer.byteLength(letter));
      return [count, count + 1, room].map((length) => letter.repeat(length));
    });
    const texts: string[] = [];
    const all = new Promise<void>((resolve) => {
      socket.on('message', (data: Buffer) => {
        texts.push(data.toString());
        if (texts.length === ids.length) resolve();
      });
    });
    for (const id of ids) socket.send(QUESTION.replace('"id":1', `"id":"${id}"`));
    await all;
    expect(texts).toEqual(ids.map(answerTo));
  });

  it('are had on any path, and never compress', async () => {
    const socket = await open(await start(), { perMessageDeflate: true }, '/rpc/v1?key=x');
    expect(socket.extensions).toBe('');
    const answer = answerOn(socket);
    socket.send(QUESTION);
    expect(await answer).toEqual(ANSWER);
  });

  it('count the pieces of a message together', async () => {
    const socket = await open(await start(new FakeBackend(), { limits: { requestBytes: 1000 } }));
    const closed = once(socket, 'close');
    for (let count = 0; count < 30; count += 1) socket.send('x'.repeat(100), { fin: false });
    expect(await closed).toBe(1009);
  });

  it.each([
    ['a byte', 'x'],
    ['nothing', ''],
  ])('close on a message in endless pieces of %s, with 1008', async (_what, piece) => {
    const socket = await open(await start());
    const closed = once(socket, 'close');
    for (let count = 0; count <= 4096; count += 1) socket.send(piece, { fin: false });
    expect(await closed).toBe(1008);
  });

  it.each([
    ['without a mask', [0x81, 0x02, 0x7b, 0x7d]],
    ['with a reserved bit', [0xc1, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]],
    ['of an unknown kind', [0x83, 0x80, 0, 0, 0, 0]],
    ['that goes on with nothing', [0x80, 0x80, 0, 0, 0, 0]],
    ['that is a ping in pieces', [0x09, 0x80, 0, 0, 0, 0]],
  ])('close on a frame %s, with 1002', async (_what, frame) => {
    const server = await start();
    const received = await talk(
      server.server.port,
      Buffer.concat([Buffer.from(UPGRADE), Buffer.from(frame)]),
    );
    // A close frame whose two bytes are 1002.
    expect([...received.subarray(-4)]).toEqual([0x88, 0x02, 0x03, 0xea]);
    await expect.poll(() => server.server.connections()).toBe(0);
  });

  it('are told that a message was too long before they are answered a goodbye that came with it', async () => {
    const server = await start(new FakeBackend(), { limits: { requestBytes: 100 } });
    const tooLong = [0x81, 0xfe, 0, 126, 0, 0, 0, 0, ...new Uint8Array(126)];
    const goodbye = [0x88, 0x80, 0, 0, 0, 0];
    const received = await talk(
      server.server.port,
      Buffer.concat([Buffer.from(UPGRADE), Buffer.from([...tooLong, ...goodbye])]),
    );
    const answer = received.indexOf('Request is too big');
    expect(answer).toBeGreaterThan(0);
    expect(answer).toBeLessThan(received.lastIndexOf(0x88));
  });

  it('are refused in another version than 13', async () => {
    const { server } = await start();
    const answer = await talk(server.port, Buffer.from(UPGRADE.replace('Version: 13', 'Version: 12')));
    expect(String(answer)).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(server.connections()).toBe(0);
  });

  it('are dropped when they answer no ping, and kept when they do', async () => {
    const server = await start(new FakeBackend(), { limits: { pingMs: 500 } });
    const [well, dead] = [await open(server), await open(server, { autoPong: false })];
    await once(dead, 'close');
    for (let count = 0; count < 3; count += 1) await once(well, 'ping');
    expect(server.server.connections()).toBe(1);
  });

  it('are dropped when they do not read what they subscribed to', async () => {
    const backend = new FakeBackend();
    const server = await start(backend, { limits: { sendBufferBytes: 1024 * 1024 } });
    const slow = await server.connect();
    await slow.call('state_subscribeStorage', [['0x01']]);
    slow.socket.pause();
    let count = 0;
    // What the kernel takes for it is not known: at most some megabytes.
    for (; count < 200 && server.server.connections() > 0; count += 1) {
      const byte = (count % 256).toString(16).padStart(2, '0');
      backend.add({ changes: { '0x01': `0x${byte.repeat(256 * 1024)}` } });
      await new Promise((resolve) => void setImmediate(resolve));
    }
    expect([server.server.connections(), server.server.subscriptions()]).toEqual([0, 0]);
    expect(server.faults).not.toHaveLength(0);
  });
});

describe('HTTP of the RPC server', () => {
  it('answers a POST that offers to go on with another protocol, as Java’s and curl’s do', async () => {
    const server = await serve();
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${QUESTION.length}\r\n`;
    const offer =
      'Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAA\r\n\r\n';
    const answer = String(await talk(server.server.port, Buffer.from(head + offer + QUESTION)));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain(JSON.stringify(ANSWER));
    await server.stop();
  });

  it('refuses a body in chunks once it is too long, whatever was announced', async () => {
    const server = await serve(new FakeBackend(), { limits: { requestBytes: 1000 } });
    const head =
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n';
    const chunk = `100\r\n${' '.repeat(256)}\r\n`;
    const answer = String(
      await talk(
        server.server.port,
        Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`),
      ),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":-32007');
    await server.stop();
  });
});

/** The first value that the event comes with. */
function once(socket: WebSocket, event: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    if (event !== 'error') socket.once('error', reject);
  });
}

/** Sends bytes as they are, and answers all that comes back until the server closes. */
function talk(port: number, bytes: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('end', () => socket.end());
    socket.once('close', () => resolve(Buffer.concat(chunks)));
    socket.once('error', reject);
  });
}
