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

  it('answers text that is no JSON with -32700 and id null', async () => {
    expect(await client.raw('{"jsonrpc":')).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32700, message: 'Parse error' },
    });
  });

  it.each([
    ['a number', '1', null],
    ['another version', '{"jsonrpc":"1.0","id":7,"method":"system_name"}', 7],
    ['a method that is no text', '{"jsonrpc":"2.0","id":"x","method":5}', 'x'],
    ['an empty batch', '[]', null],
  ])('answers %s with -32600', async (_what, text, id) => {
    const error = { code: -32600, message: 'Invalid request' };
    expect(await client.raw(text)).toEqual({ jsonrpc: '2.0', id, error });
  });

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
    expect(await client.fails('system_name', ['surplus'])).toMatchObject({ code: -32602 });
    expect(await client.fails('system_accountNextIndex', ['not an address'])).toMatchObject({ code: -32602 });
  });

  it('takes parameters by name as well', async () => {
    expect(await client.call('state_getStorageSize', { key: '0x00' })).toBeNull();
  });

  it('takes missing params, as some clients leave them out', async () => {
    expect(await client.raw('{"jsonrpc":"2.0","id":1,"method":"system_name"}')).toMatchObject({
      result: 'Hamster Node',
    });
  });

  it('answers a batch with one list, notifications left out', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'system_name' },
      { jsonrpc: '2.0', method: 'system_name' },
      { jsonrpc: '2.0', id: 2, method: 'nothing' },
      5,
    ];
    expect(await client.raw(JSON.stringify(batch))).toEqual([
      { jsonrpc: '2.0', id: 1, result: 'Hamster Node' },
      { jsonrpc: '2.0', id: 2, error: { code: -32601, message: 'Method not found' } },
      { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'Invalid request' } },
    ]);
  });

  it('refuses a batch above the bound', async () => {
    const batch = Array.from({ length: 129 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'system_name' }));
    expect(await client.raw(JSON.stringify(batch))).toMatchObject({ error: { code: -32010 } });
  });

  it('sends no answer to a notification', async () => {
    client.socket.send('{"jsonrpc":"2.0","method":"system_name"}');
    await client.call('system_name');
    expect(client.received).toHaveLength(1);
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
