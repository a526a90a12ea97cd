import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { RpcListenError } from '../../src/rpc/index.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

describe('the RPC server', () => {
  const running: TestServer[] = [];
  const start = async (...args: Parameters<typeof serve>): Promise<TestServer> => {
    const server = await serve(...args);
    running.push(server);
    return server;
  };
  afterEach(async () => {
    for (const server of running.splice(0)) await server.stop();
  });

  it('says which port is in use and what to do', async () => {
    const { server } = await start();
    const second = serve(new FakeBackend(), { port: server.port });
    await expect(second).rejects.toThrow(RpcListenError);
    await expect(second).rejects.toThrow(`Port ${server.port} on 127.0.0.1 is in use`);
  });

  it('leaves no listener on the node when it cannot start', async () => {
    const { server } = await start();
    const backend = new FakeBackend();
    await expect(serve(backend, { port: server.port })).rejects.toThrow();
    expect(backend.listenerCount).toBe(0);
  });

  it('refuses connections above the bound with 503', async () => {
    const server = await start(new FakeBackend(), { limits: { connections: 2 } });
    await server.connect();
    await server.connect();
    await expect(server.connect()).rejects.toThrow('503');
  });

  it('lets a local page open a WebSocket and keeps a foreign one out', async () => {
    const server = await start();
    const client = await server.connect({ origin: 'http://localhost:5173' });
    expect(await client.call('system_name')).toBe('Hamster Node');
    await expect(server.connect({ origin: 'https://evil.example' })).rejects.toThrow('403');
  });

  it('lets every page in when the operator says so', async () => {
    const server = await start(new FakeBackend(), { allowedOrigins: 'all' });
    const client = await server.connect({ origin: 'https://anywhere.example' });
    expect(await client.call('system_name')).toBe('Hamster Node');
  });

  it('closes a connection that sends a request above the size bound', async () => {
    const server = await start(new FakeBackend(), { limits: { requestBytes: 500 } });
    const client = await server.connect();
    client.socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x'.repeat(600) }));
    expect(await client.closed()).toBe(1009);
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

  it('frees every subscription, follow, watch and broadcast of a client that goes away', async () => {
    const backend = new FakeBackend();
    const server = await start(backend);
    const client = await server.connect();
    await client.call('chain_subscribeNewHeads');
    await client.call('state_subscribeStorage', [['0x01']]);
    await client.call('chainHead_v1_follow', [true]);
    await client.call('author_submitAndWatchExtrinsic', ['0x0102']);
    await client.call('transactionWatch_v1_submitAndWatch', ['0x0103']);
    await client.call('transaction_v1_broadcast', ['0x0104']);
    await expect.poll(() => backend.watcherCount).toBe(3);
    expect(server.server.subscriptions()).toBe(4);
    await client.close();
    await expect.poll(() => server.server.connections()).toBe(0);
    expect(server.server.subscriptions()).toBe(0);
    expect(backend.watcherCount).toBe(0);
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

  it('answers every request of a client that sends more than may be in flight', async () => {
    const server = await start(new FakeBackend(), { limits: { requestsInFlight: 4 } });
    const client = await server.connect();
    const calls = Array.from({ length: 200 }, () => client.call('author_submitExtrinsic', ['0x0102']));
    expect(await Promise.all(calls)).toHaveLength(200);
  });

  it('says goodbye to its clients when it stops, and frees the port', async () => {
    const server = await serve();
    const client = await server.connect();
    const closed = client.closed();
    await server.server.close();
    expect(await closed).toBe(1001);
    const refused = new WebSocket(`ws://127.0.0.1:${server.server.port}`);
    await expect(new Promise((_resolve, reject) => void refused.once('error', reject))).rejects.toThrow(
      'ECONNREFUSED',
    );
  });

  it('does not let a method that fails unforeseen tell its insides', async () => {
    const backend = new FakeBackend();
    backend.header = () => {
      throw new TypeError('secret detail');
    };
    const server = await start(backend);
    const client = await server.connect();
    expect(await client.fails('chain_getHeader')).toEqual({ code: -32603, message: 'Internal error' });
    expect(server.faults).toHaveLength(1);
  });
});
