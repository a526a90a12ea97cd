import { connect } from 'node:net';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { ErrorBody } from '../src/index.ts';
import { serve } from './support.ts';

/** Sends bytes as they are, and hands back all that comes until the other side closes. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let seen = '';
    socket.on('data', (bytes) => (seen += bytes.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
    socket.write(text.replaceAll('\n', '\r\n'));
  });
}

/** Status and body of the one answer in it; more than one would be a smuggled request. */
function theAnswer(text: string): { readonly status: number; readonly body: unknown } {
  const [, ...answers] = text.split(/^HTTP\/1\.1 /m);
  expect(answers, text).toHaveLength(1);
  const [head = '', body = ''] = (answers[0] ?? '').split('\r\n\r\n');
  return { status: Number(head.slice(0, 3)), body: JSON.parse(body) as unknown };
}

describe('a request that is not HTTP as it should be', () => {
  const post = 'POST /echo/a HTTP/1.1\nhost: localhost\ncontent-type: application/json\n';
  const inner = 'GET /metrics HTTP/1.1\nhost: localhost\n\n';
  it.each([
    ['two lengths', `${post}content-length: 0\ncontent-length: 50\n\n${inner}`],
    ['a length and chunks', `${post}content-length: 4\ntransfer-encoding: chunked\n\n0\n\n${inner}`],
    ['chunks by another name', `${post}transfer-encoding: xchunked\n\n0\n\n${inner}`],
    ['a wrong chunk', `${post}transfer-encoding: chunked\n\nzz\n\n${inner}`],
    ['a folded header', `${post}x-a: 1\n b: 2\ncontent-length: 0\n\n${inner}`],
    ['a space before the colon', `${post}content-length : 0\n\n${inner}`],
    ['no host', 'GET /health HTTP/1.1\nconnection: close\n\n'],
    ['too large a header', `GET /health HTTP/1.1\nhost: localhost\nx-a: ${'x'.repeat(20_000)}\n\n`],
    ['no HTTP at all', 'hello\n\n'],
  ])('as with %s, gets one refusal of the one shape, and the connection ends', async (_, text) => {
    const { url } = await serve();
    const { status, body } = theAnswer(await raw(url, text));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(Object.keys(body as object).sort()).toEqual(['code', 'message']);
    expect(Value.Check(ErrorBody, body)).toBe(true);
  });

  it('is refused where its path cannot be read, for who may call and who may not', async () => {
    const { url, token } = await serve();
    const ask = async (path: string, more: string) =>
      theAnswer(await raw(url, `GET ${path} HTTP/1.1\nconnection: close\n${more}\n\n`));
    for (const path of ['/%zz', '/echo/%', '/%c0%af']) {
      expect(await ask(path, 'host: evil.example')).toMatchObject({
        status: 403,
        body: { code: 'FOREIGN_HOST' },
      });
      const known = await ask(path, `host: localhost\nauthorization: Bearer ${token}`);
      expect(known.status).toBe(400);
      expect(Value.Check(ErrorBody, known.body)).toBe(true);
    }
  });

  it.each([
    ['two hosts', '/health', 'host: localhost\nhost: evil.example'],
    ['a host with a user', '/health', 'host: evil.example@localhost'],
    ['a host with a path', '/health', 'host: localhost/evil.example'],
    ['another host in its target', 'http://evil.example/health', 'host: localhost'],
  ])('is taken for none of ours with %s', async (_, target, headers) => {
    const { url } = await serve();
    const asked = await raw(url, `GET ${target} HTTP/1.1\nconnection: close\n${headers}\n\n`);
    expect(theAnswer(asked)).toMatchObject({ status: 403, body: { code: 'FOREIGN_HOST' } });
    const plain = await raw(url, `GET ${url}/health HTTP/1.1\nconnection: close\nhost: localhost\n\n`);
    expect(theAnswer(plain)).toMatchObject({ status: 200 });
  });

  it('is cut off when its body never ends', async () => {
    const { url, token } = await serve({ limits: { requestMs: 100 } });
    const head = `${post}authorization: Bearer ${token}\ncontent-length: 50\n\n{`;
    expect(theAnswer(await raw(url, head))).toMatchObject({ status: 408 });
  });
});

describe('a caller with the token', () => {
  it.each(['/../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/echo/..%2f..%2fetc', '//metrics', '/METRICS'])(
    'finds no file and no route by %s',
    async (path) => {
      const { url, token } = await serve();
      const head = `host: localhost\nauthorization: Bearer ${token}\nconnection: close`;
      const { status, body } = theAnswer(await raw(url, `GET ${path} HTTP/1.1\n${head}\n\n`));
      expect(status).toBe(404);
      expect(Value.Check(ErrorBody, body)).toBe(true);
    },
  );

  it('cannot make one method of another', async () => {
    const { url, bearer } = await serve();
    const headers = { ...bearer, 'x-http-method-override': 'POST', 'x-method-override': 'POST' };
    expect((await fetch(`${url}/echo/a?_method=POST`, { headers })).status).toBe(404);
    const traced = `TRACE /health HTTP/1.1\nhost: localhost\nconnection: close\n\n`;
    expect(theAnswer(await raw(url, traced)).status).toBeGreaterThanOrEqual(400);
  });

  it('takes no place among the listeners by asking for the head of the live updates', async () => {
    const { url, bearer, events } = await serve({ live: { maxListeners: 1 } });
    expect((await fetch(`${url}/events`, { method: 'HEAD', headers: bearer })).status).toBe(404);
    expect(events.listeners).toBe(0);
  });

  it('gets a success as the schema says or a refusal of the one shape, whatever JSON is sent', async () => {
    const { url, bearer } = await serve({ limits: { requestsPerMinute: 10_000 } });
    const headers = { ...bearer, 'content-type': 'application/json' };
    const hostile = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string(),
      fc.record({ count: fc.anything() }).map((value) => JSON.stringify(value, bigintsAsText)),
      fc.constantFrom(
        '{"count":1,"__proto__":{"isAdmin":true}}',
        '{"count":1,"constructor":{"prototype":{"isAdmin":true}}}',
        '{"count":1e400}',
        '{"count":1,"count":"2"}',
        '['.repeat(30_000),
        '{"count":-0}',
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (body) => {
        const answer = await fetch(`${url}/echo/a`, { method: 'POST', headers, body });
        const said = (await answer.json()) as object;
        if (answer.status === 200) expect(Object.keys(said)).toEqual(['count']);
        else expect([answer.status < 500, Value.Check(ErrorBody, said)]).toEqual([true, true]);
        expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
