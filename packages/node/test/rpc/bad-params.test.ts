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

  it('are looked for in every method that takes any', () => {
    expect(strict.length).toBeGreaterThan(40);
    expect(forgiving).toHaveLength(16);
  });
});
