import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { banned } from '../../src/pool/errors.ts';
import { bytes, FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('JSON-RPC over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await serve(undefined, {
      limits: { requestBytes: 1000 },
      allowedOrigins: ['https://app.example'],
    });
  });
  afterEach(() => server.stop());

  const url = (path = '/'): string => `http://127.0.0.1:${server.server.port}${path}`;
  const post = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url(), { method: 'POST', body: JSON.stringify(body), headers: { ...JSON_TYPE, ...headers } });
  const request = (method: string, params: unknown[] = []): object => ({
    jsonrpc: '2.0',
    id: 1,
    method,
    params,
  });

  it('trap 11: answers a POST on the port of the WebSocket', async () => {
    const answer = await post(request('system_chain'));
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: 'Hamster Development' });
  });

  it('trap 11: answers a batch with a list', async () => {
    const answer = await post([request('system_chain'), request('nothing')]);
    expect(await answer.json()).toHaveLength(2);
  });

  it('answers a batch of a thousand requests, as readers of whole states send them', async () => {
    const node = await serve();
    const batch = Array.from({ length: 1000 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'system_chain' }));
    const init = { method: 'POST', body: JSON.stringify(batch), headers: JSON_TYPE };
    const answer = await fetch(`http://127.0.0.1:${node.server.port}`, init);
    const answers = (await answer.json()) as { id: number }[];
    expect(answers.map(({ id }) => id)).toEqual(batch.map(({ id }) => id));
    await node.stop();
  });

  it('acknowledges notifications with an empty answer', async () => {
    const answer = await post({ jsonrpc: '2.0', method: 'system_chain' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('says that subscriptions need a WebSocket', async () => {
    expect(await (await post(request('chain_subscribeNewHeads'))).json()).toMatchObject({
      error: { code: -32603, data: 'This method needs a WebSocket connection' },
    });
  });

  it('refuses a form that a foreign page can post without asking', async () => {
    const body = JSON.stringify(request('system_chain'));
    expect((await fetch(url(), { method: 'POST', body })).status).toBe(415);
  });

  it.each(['application/json; charset=utf-8', 'application/json-rpc', 'APPLICATION/JSON'])(
    'takes %s as JSON',
    async (type) => {
      expect((await post(request('system_chain'), { 'content-type': type })).status).toBe(200);
    },
  );

  it('knows no follow of who has no WebSocket, and keeps a transaction going', async () => {
    const backend = new FakeBackend();
    const node = await serve(backend, { limits: { broadcastsPerConnection: 1 } });
    const ask = async (method: string, params: unknown[]): Promise<unknown> => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`http://127.0.0.1:${node.server.port}`, { method: 'POST', headers, body });
      const { result, error } = (await answer.json()) as { result?: unknown; error?: unknown };
      return result === undefined ? error : result;
    };
    const block = backend.genesisHash;
    expect(await ask('chainHead_v1_header', ['x', block])).toBeNull();
    expect(await ask('chainHead_v1_body', ['x', block])).toEqual({ result: 'limitReached' });
    expect(await ask('chainHead_v1_unpin', ['x', block])).toBeNull();
    expect(await ask('chainHead_v1_follow', [true])).toMatchObject({ code: -32603 });
    const first = await ask('transaction_v1_broadcast', ['0x0401']);
    await ask('transaction_v1_broadcast', ['0x0402']);
    expect(await ask('transaction_v1_stop', [first])).toBeNull();
    expect(await ask('transaction_v1_stop', [first])).toMatchObject({ code: -32602 });
    expect(backend.watcherCount).toBe(1);
    await node.stop();
    expect(backend.watcherCount).toBe(0);
  });

  it.each([
    ['many', { sharedBroadcasts: 3 }, '0x0401'],
    ['long', { sharedBroadcastBytes: 99 }, `0x${'ab'.repeat(40)}`],
  ])(
    'lets nobody who broadcasts %s transactions that no pool takes keep others from it',
    async (_what, limits, garbage) => {
      const backend = new FakeBackend();
      const node = await serve(backend, { limits });
      const broadcast = async (transaction: string): Promise<unknown> => {
        const body = JSON.stringify(request('transaction_v1_broadcast', [transaction]));
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(`http://127.0.0.1:${node.server.port}`, { method: 'POST', headers, body });
        return ((await answer.json()) as { result?: unknown }).result;
      };
      const honest = await broadcast('0x0401');
      await expect.poll(() => backend.watcherCount).toBe(1);
      backend.refusal = banned();
      const ids = [];
      for (let count = 0; count < 5; count++) ids.push(await broadcast(garbage));
      expect([honest, ...ids]).toEqual(Array(6).fill(expect.any(String)));
      backend.refusal = undefined;
      expect(backend.watcherCount).toBe(1);
      backend.report(bytes('0x0401'), { type: 'dropped' });
      backend.add();
      // Of the others as many are left as there is room for beside it.
      await expect.poll(() => backend.submitted).toHaveLength(4);
      await node.stop();
    },
  );

  it('refuses other verbs with 405', async () => {
    const answer = await fetch(url());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([405, 'text/plain']);
  });

  it('answers GET /health for whoever watches the process', async () => {
    const health = { peers: 0, isSyncing: false, shouldHavePeers: false };
    expect(await (await fetch(url('/health'))).json()).toEqual(health);
    expect(await (await fetch(url('/health?from=balancer'))).json()).toEqual(health);
    const ready = await fetch(url('/health/readiness?from=balancer'));
    expect([ready.status, await ready.text()]).toEqual([200, '']);
    expect((await fetch(url('/health'), { method: 'POST', body: '' })).status).toBe(415);
  });

  it.each([
    ['it catches up', { peers: 1, isSyncing: true }, true, 500],
    ['it has no peers where it knows of nodes', { peers: 0, isSyncing: false }, true, 500],
    ['it has no peers and needs none', { peers: 0, isSyncing: false }, false, 200],
    ['it follows its peers', { peers: 1, isSyncing: false }, true, 200],
  ])(
    'tells balancers by the status alone, when %s',
    async (_when, { peers, isSyncing }, shouldHavePeers, status) => {
      const backend = new FakeBackend();
      const peer = { peerId: 'x', role: 'full', best: backend.best() } as const;
      const view = {
        peers: () => Array.from({ length: peers }, () => peer),
        isSyncing: () => isSyncing,
        shouldHavePeers,
        highestBlock: () => 0,
      };
      const node = await serve(backend, {}, { network: view });
      const answer = await fetch(`http://127.0.0.1:${node.server.port}/health/readiness`);
      expect([answer.status, await answer.text()]).toEqual([status, '']);
      await node.stop();
    },
  );

  it.each(['http://localhost:5173', 'http://127.0.0.1:8080', 'https://app.example'])(
    'lets a page of %s in, and answers its preflight',
    async (origin) => {
      const preflight = await fetch(url(), { method: 'OPTIONS', headers: { origin } });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
      expect((await post(request('system_chain'), { origin })).status).toBe(200);
    },
  );

  it.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'file://localhost'])(
    'keeps a page of %s out',
    async (origin) => {
      expect((await post(request('system_chain'), { origin })).status).toBe(403);
    },
  );
});
