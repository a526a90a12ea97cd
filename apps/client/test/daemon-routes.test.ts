import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ForwardBook } from '../src/daemon/forwards.ts';
import { FACTS, serveDaemon } from './support/served-daemon.ts';

let book: ForwardBook;
let ask: (
  method: string,
  path: string,
  body?: string,
  type?: string,
) => Promise<{ status: number; said: unknown }>;

beforeEach(async () => {
  const served = await serveDaemon();
  book = served.book;
  const authorization = `Bearer ${(await readFile(served.api.tokenPath, 'utf8')).trim()}`;
  ask = async (method, path, body, type = 'application/json') => {
    const headers = { authorization, ...(body !== undefined && { 'content-type': type }) };
    const answer = await fetch(served.api.url + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
    });
    return { status: answer.status, said: await answer.json() };
  };
});

describe("the API of the renter's daemon", () => {
  it('says which chain it is on, and what to type for a forward that leads to ssh', async () => {
    expect((await ask('GET', '/status')).said).toMatchObject(FACTS);
    const { status, said } = await ask('POST', '/forwards', '{"lease":7,"local":0,"remote":22}');
    expect(status).toBe(201);
    const { id, local } = said as { id: string; local: number };
    expect(await ask('GET', `/forwards/${id}/ssh`)).toEqual({
      status: 200,
      said: { command: `ssh -p ${local} root@127.0.0.1` },
    });
    expect((await ask('DELETE', `/forwards/${id}`)).status).toBe(200);
    expect(await ask('GET', `/forwards/${id}/ssh`)).toMatchObject({
      status: 404,
      said: { code: 'NO_SUCH_FORWARD' },
    });
  });

  it('tells the caller of a port that is taken, and of a key that is not there', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = await ask('POST', '/forwards', `{"lease":7,"local":${port},"remote":80}`);
    other.close();
    expect(taken).toMatchObject({
      status: 409,
      said: { code: 'LISTEN_FAILED', message: expect.stringContaining('Choose another port') as string },
    });
    const { said } = await ask('POST', '/forwards', '{"lease":7,"local":0,"remote":80}');
    const { id, local } = said as { id: string; local: number };
    expect(await ask('POST', '/forwards', `{"lease":7,"local":${local},"remote":81}`)).toMatchObject({
      status: 409,
      said: { code: 'FORWARD_EXISTS' },
    });
    expect(await ask('GET', `/forwards/${id}/ssh`)).toMatchObject({ status: 409, said: { code: 'NO_KEY' } });
  });

  it.each([
    ['of wrong types', '{"lease":"x","local":{},"remote":[]}', 400],
    ['out of range', '{"lease":7,"local":65536,"remote":0}', 400],
    ['that lacks fields', '{"__proto__":{"lease":7,"local":0,"remote":80}}', 400],
    ['that is cut short', '{"lease":7,', 400],
    ['with a NUL byte', '{"lease":7,"local":0,"remote":80}\0', 400],
    ['very deep', '['.repeat(30_000), 400],
    ['too large', JSON.stringify({ lease: 7, local: 0, remote: 80, more: 'x'.repeat(70_000) }), 413],
    ['about a lease of others', '{"lease":8,"local":0,"remote":80}', 404],
  ])('opens nothing for a body %s', async (_, body, expected) => {
    const { status, said } = await ask('POST', '/forwards', body);
    expect([status, Object.keys(said as object).sort()]).toEqual([expected, ['code', 'message']]);
    expect((await ask('POST', '/forwards', body, 'text/plain')).status).toBeGreaterThanOrEqual(400);
    expect(book.list()).toEqual([]);
  });
});
