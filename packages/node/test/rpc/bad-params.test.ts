import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodTable } from '../../src/rpc/methods/index.ts';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { IDENTITY, serve, type TestServer } from './support/server.ts';

const backend = new FakeBackend({}, { manualSeal: true });
const table = methodTable({ backend, identity: IDENTITY });
const names = Object.keys(table).sort();
/** jsonrpsee's unsubscribing answers false to whatever it is given. */
const forgiving = names.filter((name) => /^(\w+_)?(un(subscribe|watch|follow)|stopStorage)/.test(name));
const strict = names.filter((name) => (table[name]?.params.length ?? 0) > 0 && !forgiving.includes(name));

describe('bad parameters', () => {
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await serve(new FakeBackend({}, { manualSeal: true }), { allowUnsafe: true });
    client = await server.connect();
  });
  afterAll(() => server.stop());

  /** What JSON.stringify would never write. */
  async function ask(text: string): Promise<unknown> {
    const { socket } = await server.connect();
    const answered = once(socket, 'message');
    socket.send(text);
    const [bytes] = (await answered) as [Buffer];
    return JSON.parse(bytes.toString()) as unknown;
  }

  it.each(strict)('of %s are refused with -32602 and a sentence', async (name) => {
    const sentence = expect.stringMatching(/^["A-Z]/) as unknown;
    const refusal = { code: -32602, message: 'Invalid params', data: sentence };
    expect(await client.fails(name, [[[]]])).toEqual(refusal);
    expect(await client.fails(name, 'text')).toEqual(refusal);
    expect(server.faults).toEqual([]);
  });

  it.each(forgiving)('of %s are no subscription', async (name) => {
    for (const params of [[], [[]], [7], [{}], ['x'], ['x', 1], {}, { subscription: 'x' }, 'text', 7, null])
      expect(await client.call(name, params)).toBe(false);
  });

  it.each([
    [
      'archive_v1_storage',
      `["0x${'00'.repeat(32)}",[{"key":"0x01","type":"value"},{"key":"0x01","type":"hash","key":"0x02"}]]`,
      'key',
    ],
    [
      'archive_v1_storage',
      `{"hash":"0x${'00'.repeat(32)}","items":[{"key":"0x","type":"value","t\\u0079pe":"hash"}]}`,
      'type',
    ],
    ['dev_newBlock', '[{"count":1,"count":2}]', 'count'],
    ['dev_newBlock', '{"options":{"count":1,"to":1,"count":2}}', 'count'],
  ])('of %s are those with a field that comes twice: %s', async (method, params, field) => {
    const answer = await ask(`{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`);
    const data = `"${field}" comes twice`;
    expect(answer).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32602, message: 'Invalid params', data },
    });
  });

  it('are not those with fields twice that the method does not have, or one in each of two objects', async () => {
    const item = '{"type":"value","x":1,"x":2,"y":{"key":1,"key":2},"key":"0x01"}';
    const params = `["0x${'00'.repeat(32)}",[${item},${item}]]`;
    const answer = await ask(`{"jsonrpc":"2.0","id":1,"method":"archive_v1_storage","params":${params}}`);
    expect(answer).toMatchObject({ result: expect.any(String) as unknown });
  });

  it('are looked for in every method that takes any', () => {
    expect(strict.length).toBeGreaterThan(40);
    expect(forgiving).toHaveLength(16);
  });
});
