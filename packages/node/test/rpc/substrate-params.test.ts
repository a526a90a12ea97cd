import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from './support/client.ts';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const VALUE = '0xaabb';

/** What Substrate takes besides what the libraries send: scripts and recorded calls have it. */
describe('parameters as Substrate takes them', () => {
  const backend = new FakeBackend({ '0x0abc': VALUE });
  let server: TestServer;
  let client: TestClient;
  beforeAll(async () => {
    server = await serve(backend);
    client = await server.connect();
  });
  afterAll(() => server.stop());

  it.each(['0x0abc', '0x0ABC', '0abc', '0ABC', '0xabc', 'abc'])('takes the bytes %s', async (key) => {
    expect(await client.call('state_getStorage', [key])).toBe(VALUE);
  });

  it.each(['0X0abc', '0x0abz', '0x0ab\u0163', ' 0x0abc', '0x0x0a', 5, [10, 188], { key: 1 }])(
    'refuses the bytes %j',
    async (key) => {
      expect(await client.fails('state_getStorage', [key])).toMatchObject({ code: -32602 });
    },
  );

  it('takes hashes without 0x and in capitals, and of 32 bytes only', async () => {
    const digits = backend.genesisHash.slice(2);
    const header = await client.call('chain_getHeader', [backend.genesisHash]);
    expect(header).toMatchObject({ number: '0x0' });
    for (const hash of [digits, digits.toUpperCase(), `0x${digits.toUpperCase()}`]) {
      expect(await client.call('chain_getHeader', [hash])).toEqual(header);
      expect(await client.call('state_getStorage', ['0x0abc', hash])).toBe(VALUE);
    }
    for (const hash of [digits.slice(1), `${digits}00`, `0x${digits}0`]) {
      expect(await client.fails('chain_getHeader', [hash])).toMatchObject({ code: -32602 });
    }
  });

  it('wants whole bytes in the methods of the specification', async () => {
    const call = ['archive_v1_call', [backend.genesisHash, 'Echo_echo', '0xabc']] as const;
    expect(await client.fails(...call)).toEqual({ code: 3001, message: 'Invalid parameter: 0xabc' });
    expect(await client.call('archive_v1_call', [backend.genesisHash, 'Echo_echo', 'abcd'])).toMatchObject({
      success: true,
    });
  });

  it('takes parameters under the names that they have in Substrate, in both ways of writing', async () => {
    const hash = backend.genesisHash;
    expect(await client.call('state_getStorage', { key: '0x0abc', hash })).toBe(VALUE);
    const page = { prefix: '0x', count: 5, start_key: '0x0abc', hash };
    expect(await client.call('state_getKeysPaged', page)).toEqual([]);
    const other = { prefix: '0x', count: 5, startKey: '0x00' };
    expect(await client.call('state_getKeysPaged', other)).toEqual(['0x0abc']);
    expect(await client.call('chain_getBlockHash', { hash: 0 })).toBe(hash);
    expect(await client.fails('state_getStorage', { Key: '0x0abc' })).toMatchObject({ code: -32602 });
  });

  it('does not look at what a method without parameters is given', async () => {
    for (const params of [[1], { a: 1 }, 5, 'text', false]) {
      expect(await client.call('system_name', params)).toBe('Hamster Node');
    }
  });

  it.each(['18446744073709551615', '9007199254740993', '12345678901234567890', '9007199254740991', '7'])(
    'sends the id %s back to the last digit',
    async (id) => {
      const asked = `{"jsonrpc":"2.0","id" : ${id},"method":"system_name","params":[]}`;
      expect(await post(server.server.port, asked)).toBe(
        `{"jsonrpc":"2.0","id":${id},"result":"Hamster Node"}`,
      );
      const escaped = asked.replace('"id"', '"\\u0069d"');
      expect(await post(server.server.port, escaped)).toBe(await post(server.server.port, asked));
      const batch = `[${asked},{"jsonrpc":"2.0","id":${id},"method":"nothing"}]`;
      const error = `{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"Method not found"}}`;
      expect(await post(server.server.port, batch)).toBe(
        `[{"jsonrpc":"2.0","id":${id},"result":"Hamster Node"},${error}]`,
      );
    },
  );
});

function post(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const request = httpRequest({ port, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    request.once('error', reject);
    request.end(body);
  });
}
