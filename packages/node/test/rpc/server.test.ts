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

  it('frees every subscription, follow, watch and broadcast of a client that goes away', async () => {
    const backend = new FakeBackend();
    const server = await start(backend);
    const client = await server.connect();
    await client.call('chain_subscribeNewHeads');
    await client.call('state_subscribeStorage', [['0x01']]);
    await client.call('chainHead_v1_follow', [true]);
    await client.call('author_submitAndWatchExtrinsic', ['0x0402']);
    await client.call('transactionWatch_v1_submitAndWatch', ['0x0403']);
    await client.call('transaction_v1_broadcast', ['0x0404']);
    await expect.poll(() => backend.watcherCount).toBe(3);
    expect(server.server.subscriptions()).toBe(4);
    await client.close();
    await expect.poll(() => server.server.connections()).toBe(0);
    expect(server.server.subscriptions()).toBe(0);
    expect(backend.watcherCount).toBe(0);
  });

  it('answers every request of a client that sends more than may be in flight', async () => {
    const server = await start(new FakeBackend(), { limits: { requestsInFlight: 4 } });
    const client = await server.connect();
    const calls = Array.from({ length: 200 }, () => client.call('author_submitExtrinsic', ['0x0402']));
    expect(await Promise.all(calls)).toHaveLength(200);
  });

  it('answers a client that asks for little before those that have sent a lot', async () => {
    const backend = new FakeBackend();
    const submit = backend.submit.bind(backend);
    backend.submit = (bytes) => {
      const until = performance.now() + 3;
      while (performance.now() < until);
      return submit(bytes);
    };
    const server = await start(backend);
    const [flooding, reading] = await Promise.all([server.connect(), server.connect()]);
    let answered = 0;
    const flood = Array.from({ length: 200 }, async () => {
      await flooding.call('author_submitExtrinsic', ['0x0402']);
      answered += 1;
    });
    expect(await reading.call('system_name')).toBe('Hamster Node');
    expect(answered).toBeLessThan(200);
    await Promise.all(flood);
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
