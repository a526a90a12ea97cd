import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type RpcLimits } from '../../src/rpc/context.ts';
import { PoolError } from '../../src/pool/errors.ts';
import { boundSockets } from '../../src/rpc/server/bound-sockets.ts';
import { Connections } from '../../src/rpc/server/connections.ts';
import type { Connection } from '../../src/rpc/server/connection.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

/** Lengths of requests, answers and batches: see `jsonrpc-errors.test.ts`. Pins and operations: `chain-head.test.ts`. */
describe('limits of the RPC server', () => {
  const running: TestServer[] = [];
  const start = async (...args: Parameters<typeof serve>): Promise<TestServer> => {
    const server = await serve(...args);
    running.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });

  it('refuses connections above the bound with 429, and takes one again when another has gone', async () => {
    const server = await start(new FakeBackend(), { limits: { connections: 2 } });
    const first = await server.connect();
    await server.connect();
    await expect(server.connect()).rejects.toThrow('429');
    await first.close();
    await expect.poll(() => server.server.connections()).toBe(1);
    expect(await (await server.connect()).call('system_name')).toBe('Hamster Node');
  });

  it('counts what a client broadcasts, which is kept for as long as no pool takes it, with what is kept for it', async () => {
    const backend = new FakeBackend();
    backend.refusal = new PoolError('TEMPORARILY_BANNED', 'Transaction is temporarily banned');
    const server = await start(backend, { limits: { heldBytes: 100_000 } });
    const [modest, greedy] = [await server.connect(), await server.connect()];
    const transaction = `0x${'ab'.repeat(20_000)}`;
    await modest.call('transaction_v1_broadcast', [transaction]);
    const again = async (): Promise<void> => {
      for (let count = 0; count < 12; count++) await greedy.call('transaction_v1_broadcast', [transaction]);
    };
    await expect(again()).rejects.toThrow('closed');
    expect(await modest.call('system_name')).toBe('Hamster Node');
    expect(server.faults).toEqual([{ dropped: 1 }]);
  });

  it('counts a WebSocket that was an HTTP connection before as a WebSocket only', async () => {
    const server = await start(new FakeBackend(), { limits: { heldBytes: 400_000 } });
    const socket = connect(server.server.port, '127.0.0.1');
    const answer = async (...sent: (string | Uint8Array)[]): Promise<string> => {
      for (const each of sent) socket.write(each);
      const heard = new AbortController();
      const { signal } = heard;
      const events = ['data', 'close'].map((event) => once(socket, event, { signal }));
      const [data] = (await Promise.race(events)) as unknown[];
      // What is not waited for any more would go on to listen.
      heard.abort();
      return String(data);
    };
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'system_name',
      params: ['x'.repeat(50_000)],
    });
    const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
    expect(await answer(`${post}\r\n\r\n`, body)).toContain('Hamster Node');
    const upgrade = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket';
    const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
    expect(await answer(`${upgrade}\r\n${key}\r\n\r\n`)).toContain('101 Switching Protocols');
    // A text of two bytes of length, masked with zeros.
    const head = Uint8Array.of(0x81, 0xfe, body.length >> 8, body.length & 0xff, 0, 0, 0, 0);
    for (let count = 0; count < 20; count++) expect(await answer(head, body)).toContain('Hamster Node');
    expect(server.faults).toEqual([]);
    socket.destroy();
  });

  it('counts the connections of each address, but not of this machine', () => {
    const open = new Connections({ connections: 100, connectionsPerAddress: 2 });
    const add = (address: string): (() => void) => open.add({} as Connection, address);
    const gone = add('192.0.2.1');
    add('192.0.2.1');
    expect(open.refusal('192.0.2.1')).toContain('Too many connections from 192.0.2.1: 2 at one time');
    expect(open.refusal('192.0.2.2')).toBeUndefined();
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      add(address);
      add(address);
      expect(open.refusal(address)).toBeUndefined();
    }
    gone();
    gone();
    expect(open.refusal('192.0.2.1')).toBeUndefined();
    expect(open.size).toBe(7);
  });

  it('hangs up on an address that opens sockets and says nothing, but not on this machine', () => {
    const server = new Server();
    boundSockets(server, 2);
    const open = (remoteAddress: string): Socket => {
      const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
      server.emit('connection', socket);
      return socket;
    };
    const [first, second, third] = Array.from({ length: 3 }, () => open('192.0.2.1'));
    expect([first, second, third, open('192.0.2.2')].map((socket) => socket?.destroyed)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(Array.from({ length: 3 }, () => open('127.0.0.1').destroyed)).toEqual([false, false, false]);
    first?.emit('close');
    expect([open('192.0.2.1').destroyed, open('192.0.2.1').destroyed]).toEqual([false, true]);
  });

  it('refuses subscriptions above the bound of the connection', async () => {
    const server = await start(new FakeBackend(), { limits: { subscriptionsPerConnection: 2 } });
    const client = await server.connect();
    await client.call('chain_subscribeNewHeads');
    const second = await client.call<string>('chain_subscribeAllHeads');
    expect(await client.fails('chain_subscribeNewHeads')).toEqual({
      code: -32006,
      message: 'Too many subscriptions on the connection',
      data: 'Exceeded max limit of 2',
    });
    await client.call('chain_unsubscribeAllHeads', [second]);
    await client.call('chain_subscribeNewHeads');
  });

  it('drops a client that asks and never reads, and goes on serving others', async () => {
    const value = `0x${'ab'.repeat(256 * 1024)}`;
    const server = await start(new FakeBackend({ '0x01': value }), {
      limits: { sendBufferBytes: 4 * 1024 * 1024 },
    });
    const slow = await server.connect();
    slow.socket.pause();
    const closed = expect.poll(() => server.server.connections(), { timeout: 20_000 }).toBe(0);
    const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'state_getStorage', params: ['0x01'] });
    for (let index = 0; index < 100; index += 1) slow.socket.send(request);
    await closed;
    expect(server.faults).not.toHaveLength(0);
    const other = await server.connect();
    expect(await other.call('system_name')).toBe('Hamster Node');
  });

  describe('of what is kept for all clients together', () => {
    const value = `0x${'ab'.repeat(256 * 1024)}`;
    const limits = { heldBytes: 4 * 2 ** 20 };
    const question = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'state_getStorage', params: ['0x01'] });
    const startSmall = (): Promise<TestServer> => start(new FakeBackend({ '0x01': value }), { limits });
    /** All but the first of them are gone, which is still answered. */
    const expectDropped = async (server: TestServer, honest: TestClient): Promise<void> => {
      await expect.poll(() => server.server.connections(), { timeout: 20_000 }).toBe(1);
      expect(await honest.call('state_getStorage', ['0x01'])).toBe(value);
      expect(server.faults).toContainEqual({ dropped: expect.any(Number) as number });
    };

    it('drops who leaves the most unread', async () => {
      const server = await startSmall();
      const honest = await server.connect();
      for (let index = 0; index < 3; index += 1) {
        const deaf = await server.connect();
        deaf.socket.pause();
        for (let count = 0; count < 60; count += 1) deaf.socket.send(question);
      }
      await expectDropped(server, honest);
    });

    it('drops for whom the most waits until a batch is answered', async () => {
      const backend = new FakeBackend({ '0x01': value });
      backend.submit = () => new Promise(() => undefined);
      const server = await start(backend, { limits });
      const honest = await server.connect();
      const patient = await server.connect();
      const watch = { method: 'state_subscribeStorage', params: [['0x01']] };
      const stuck = { method: 'author_submitExtrinsic', params: ['0x0400'] };
      const batch = [...Array<object>(20).fill(watch), stuck].map((each, id) => ({
        jsonrpc: '2.0',
        id,
        ...each,
      }));
      patient.socket.send(JSON.stringify(batch));
      await expectDropped(server, honest);
    });

    it('drops who has sent the most of a message that is not whole', async () => {
      const server = await startSmall();
      const honest = await server.connect();
      const { socket } = await server.connect();
      const raw = (socket as unknown as { readonly _socket: Socket })._socket;
      const header = Buffer.alloc(14);
      header.writeUInt16BE(0x81ff);
      header.writeBigUInt64BE(BigInt(7 * 2 ** 20), 2);
      raw.write(header);
      raw.write(Buffer.alloc(5 * 2 ** 20));
      await expectDropped(server, honest);
    });

    it('drops who posts and does not read', async () => {
      const server = await startSmall();
      const honest = await server.connect();
      const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${question.length}\r\n\r\n${question}`;
      const deaf = await opened(server.server.port);
      const closed = new Promise((resolve) => void deaf.once('close', resolve));
      deaf.on('error', () => undefined).pause();
      deaf.write(post.repeat(30));
      await expect.poll(() => server.faults.length, { timeout: 20_000 }).toBeGreaterThan(0);
      deaf.resume();
      await closed;
      await expectDropped(server, honest);
    });

    describe('and waits for an answer by POST', () => {
      const size = 100_000;
      const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n`;
      const long = (method: string, params: string[] = []): string =>
        head + JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }).padEnd(size);
      /** One that is never answered. */
      const stuck = long('author_submitExtrinsic', ['0x0400']);
      const startStuck = (bounds: Partial<RpcLimits>): Promise<TestServer> => {
        const backend = new FakeBackend();
        backend.submit = () => new Promise(() => undefined);
        return start(backend, { limits: { ...limits, requestBytes: size, ...bounds } });
      };
      const closing = (socket: Socket): Promise<Socket> =>
        new Promise((resolve) => {
          socket.on('error', () => undefined).once('close', () => resolve(socket));
          socket.resume();
        });

      it('drops who has more bytes of them than two of the longest have', async () => {
        const server = await startStuck({});
        const [eager, patient] = [await opened(server.server.port), await opened(server.server.port)];
        const closed = closing(eager);
        patient.write(stuck.repeat(2));
        eager.write(stuck.repeat(3));
        await closed;
        expect([patient.destroyed, server.faults]).toEqual([false, []]);
        patient.destroy();
      });

      it('drops one of many who are within that', async () => {
        const server = await startStuck({ heldBytes: 3.5 * size });
        const sockets = [await opened(server.server.port), await opened(server.server.port)];
        const closed = Promise.race(sockets.map(closing));
        for (const socket of sockets) socket.write(stuck.repeat(2));
        const dropped = await closed;
        expect(sockets.filter((socket) => socket !== dropped && !socket.destroyed)).toHaveLength(1);
        expect(server.faults).toEqual([{ dropped: 1 }]);
        for (const socket of sockets) socket.destroy();
      });

      it('counts what is answered no more', async () => {
        const server = await startStuck({ heldBytes: 1.5 * size });
        const socket = await opened(server.server.port);
        let answered = '';
        socket.on('data', (data: Buffer) => (answered += data.toString('utf8')));
        for (let count = 1; count <= 5; count += 1) {
          socket.write(long('system_name'));
          await expect.poll(() => answered.split('Hamster Node').length - 1).toBe(count);
        }
        expect([socket.destroyed, server.faults]).toEqual([false, []]);
        socket.destroy();
      });
    });

    it('drops who sends many posts at once, and answers nobody who has gone', async () => {
      const backend = new FakeBackend({ '0x01': value });
      const server = await start(backend, { limits: { pipelinedRequests: 4 } });
      const body = '{"jsonrpc":"2.0","id":1,"method":"system_name"}';
      const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
      const eager = await opened(server.server.port);
      const closed = new Promise((resolve) => void eager.resume().once('close', resolve));
      eager.on('error', () => undefined).write(post.repeat(5));
      await closed;
      expect(server.faults).toEqual([]);
    });
  });

  it('closes connections that have sent nothing, or only a beginning, for ten seconds', async () => {
    const server = await start();
    const beginnings = ['', 'POST / HT', 'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n'];
    const lives = await Promise.all(
      beginnings.map(async (text) => {
        const socket = await opened(server.server.port);
        socket.write(text);
        const began = performance.now();
        await new Promise<void>((resolve) => void socket.resume().once('close', () => resolve()));
        return performance.now() - began;
      }),
    );
    for (const life of lives) expect(life).toBeGreaterThan(5_000);
  });

  it('answers one request after the other on a connection that is kept alive', async () => {
    const server = await start();
    const body = '{"jsonrpc":"2.0","id":1,"method":"system_name"}';
    const head = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const socket = await opened(server.server.port);
    let answered = '';
    socket.on('data', (data: Buffer) => (answered += data.toString('utf8')));
    for (let count = 1; count <= 3; count += 1) {
      socket.write(head + body);
      await expect.poll(() => answered.split('Hamster Node').length - 1).toBe(count);
    }
    socket.destroy();
  });

  it('reads no more of a request than it may have, whatever is announced', async () => {
    const server = await start(new FakeBackend(), { limits: { requestBytes: 1000 } });
    const headers = { 'content-type': 'application/json', 'content-length': String(2 ** 40) };
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest({ port: server.server.port, method: 'POST', headers }, (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.once('error', reject);
      request.write('{');
    });
    expect(status).toBe(413);
  });

  it('has bounds for everything', () => {
    for (const [name, limit] of Object.entries(DEFAULT_LIMITS)) {
      expect(Number.isSafeInteger(limit) && limit > 0, name).toBe(true);
    }
  });
});

describe('whom the RPC server lets in', () => {
  const status = (port: number, headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ port, path: '/health', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.once('error', reject);
      request.end();
    });

  it.each(['localhost', 'localhost:1', '127.0.0.1:9944', '[::1]:9944', 'node.localhost', 'app.example'])(
    'lets a request for the host %s in',
    async (host) => {
      const server = await serve(new FakeBackend(), { allowedOrigins: ['https://app.example'] });
      expect(await status(server.server.port, { host })).toBe(200);
      await server.stop();
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:9944', 'a b'])(
    'keeps out a page that made its name %s point here',
    async (host) => {
      const server = await serve();
      expect(await status(server.server.port, { host })).toBe(403);
      await expect(server.connect({ host })).rejects.toThrow('403');
      await server.stop();
    },
  );

  it('asks no host when the operator lets everybody in', async () => {
    const server = await serve(new FakeBackend(), { allowedOrigins: 'all' });
    expect(await status(server.server.port, { host: 'node.example', origin: 'https://any.example' })).toBe(
      200,
    );
    await server.stop();
  });
});

function opened(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}
