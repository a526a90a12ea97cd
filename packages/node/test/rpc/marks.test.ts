import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeBackend } from './support/fake-backend.ts';
import { serve, type TestServer } from './support/server.ts';

const HALF = 2 * 2 ** 20 - 200;

const REFUSED = {
  code: -32007,
  message: 'Request is too big',
  data: 'Exceeded max limit of 102400 brackets, colons, commas and backslashes',
};

describe('a request of megabytes', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await serve(new FakeBackend());
  });
  afterEach(async () => {
    expect(server.faults).toEqual([]);
    await server.stop();
  });

  const ask = async (method: string, params: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${server.server.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`,
    });
    return response.json();
  };

  it.each([
    ['lists in lists', `${'['.repeat(HALF)}${']'.repeat(HALF)}`],
    ['objects', `[${'{},'.repeat(HALF / 2)}1]`],
    ['texts without a character', `[${'"",'.repeat(HALF / 2)}1]`],
    ['numbers', `[${'1,'.repeat(HALF)}1]`],
    ['names', `[{${Array.from({ length: HALF / 8 }, (_, index) => `"${index}":1`).join(',')}}]`],
    ['escapes', `["${'\\"'.repeat(HALF)}"]`],
  ])('is refused without being parsed where it consists of %s', async (_what, params) => {
    expect(await ask('system_name', params)).toEqual({ jsonrpc: '2.0', id: null, error: REFUSED });
  });

  it('is read where it is one long text, whatever is in it', async () => {
    const answer = await ask('state_call', `["${'[{:,'.repeat(HALF / 2)}", "0x"]`);
    expect(answer).toMatchObject({ id: 1, error: { code: 4003 } });
  });

  it('is read with as many keys as any method looks at, which takes fewer', async () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `"0x${index.toString(16).padStart(8, '0')}"`);
    expect(await ask('state_queryStorageAt', `[[${keys.join(',')}]]`)).toMatchObject({
      id: 1,
      error: { code: 4002 },
    });
  });
});
