import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { serve, type TestServer } from './support/server.ts';

describe('JSON-RPC 2.0 over a WebSocket', () => {
  let server: TestServer;
  let client: TestClient;
  beforeEach(async () => {
    server = await serve();
    client = await server.connect();
  });
  afterEach(() => server.stop());

  it('answers an unknown method with -32601, also one that every object has', async () => {
    const error = { code: -32601, message: 'Method not found' };
    expect(await client.fails('system_nothing')).toEqual(error);
    expect(await client.fails('toString')).toEqual(error);
    expect(await client.fails('__proto__')).toEqual(error);
  });

  it('answers a wrong parameter with -32602, its name and what it got', async () => {
    expect(await client.fails('state_getStorage', ['0xzz'])).toEqual({
      code: -32602,
      message: 'Invalid params',
      data: '"key" must be hex bytes that start with 0x, got "0xzz"',
    });
    expect(await client.fails('chain_getHeader', ['0x12'])).toMatchObject({ code: -32602 });
    expect(await client.fails('state_getStorage', [])).toMatchObject({ code: -32602 });
    expect(await client.fails('system_accountNextIndex', ['not an address'])).toMatchObject({ code: -32602 });
  });

  it('takes parameters by name as well', async () => {
    expect(await client.call('state_getStorageSize', { key: '0x00' })).toBeNull();
  });

  it('shows of a wrong parameter only its beginning, and does not walk through a deep one', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(
      await client.raw(`{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":[${deep}]}`),
    ).toMatchObject({
      error: { code: -32602, data: '"key" must be hex bytes that start with 0x, got a list of 1' },
    });
    const { data } = await client.fails('state_getStorage', ['z'.repeat(100_000)]);
    expect(String(data).length).toBeLessThan(200);
  });

  it('ignores surplus parameters, as Substrate does', async () => {
    expect(await client.call('system_name', ['surplus', 1])).toBe('Hamster Node');
    expect(await client.call('state_getStorage', ['0x00', null, 'surplus'])).toBeNull();
  });

  it('takes missing params, as some clients leave them out', async () => {
    expect(await client.raw('{"jsonrpc":"2.0","id":1,"method":"system_name"}')).toMatchObject({
      result: 'Hamster Node',
    });
  });

  it('does nothing for a notification, and sends no answer', async () => {
    client.socket.send('{"jsonrpc":"2.0","method":"chain_subscribeNewHeads","params":[]}');
    await client.call('system_name');
    expect(client.received).toHaveLength(1);
    expect(server.server.subscriptions()).toBe(0);
  });

  it('sends the id of a subscription before its notifications, in a batch too', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'chain_subscribeNewHeads' },
      { jsonrpc: '2.0', id: 2, method: 'chainHead_v1_follow', params: [true] },
    ];
    const answer = (await client.raw(JSON.stringify(batch))) as { result: string }[];
    expect(answer.map(({ result }) => typeof result)).toEqual(['string', 'string']);
    await client.results(answer[1]?.result ?? '', 2);
    expect(Array.isArray(client.received[0])).toBe(true);
  });
});

describe('unsafe methods', () => {
  it('are refused and not listed by default', async () => {
    const server = await serve();
    const client = await server.connect();
    expect(await client.fails('state_getPairs', ['0x'])).toEqual({
      code: -32601,
      message: 'RPC call is unsafe to be called externally',
    });
    const { methods } = await client.call<{ methods: string[] }>('rpc_methods');
    expect(methods).not.toContain('state_getPairs');
    await server.stop();
  });

  it('work and are listed when the operator allows them', async () => {
    const server = await serve(undefined, { allowUnsafe: true });
    const client = await server.connect();
    expect(await client.call('state_getPairs', ['0x'])).toEqual([]);
    expect(await client.call('system_peers')).toEqual([]);
    const { methods } = await client.call<{ methods: string[] }>('rpc_methods');
    expect(methods).toContain('state_getPairs');
    await server.stop();
  });
});
