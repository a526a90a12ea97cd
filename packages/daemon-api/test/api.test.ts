import { stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { privateHome, serve } from './support.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A request whose Host header is chosen, which fetch does not allow. */
function statusWithHost(url: string, host: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/metrics`, { headers: { ...headers, host } }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.once('error', reject).end();
  });
}

describe('the token', () => {
  it('is made once, for its owner alone, and never logged', async () => {
    const { tokenPath, token, home, lifecycle, logged } = await serve();
    expect((await stat(tokenPath)).mode & 0o777).toBe(0o600);
    await lifecycle.stop();
    const again = await serve({ home });
    expect(again.token).toBe(token);
    expect([...logged, ...again.logged].join('')).toContain(tokenPath);
    expect([...logged, ...again.logged].join('')).not.toContain(token);
  });

  it('is not used when others may have read it', async () => {
    const home = await privateHome();
    await writeFile(`${home}/api.token`, 'x'.repeat(43), { mode: 0o644 });
    await expect(serve({ home })).rejects.toThrow(/others than its owner may read it/);
  });

  it('is needed for all but what is open', async () => {
    const { url, bearer, token } = await serve();
    const status = async (path: string, headers = {}) => (await fetch(`${url}${path}`, { headers })).status;
    expect(await status('/health')).toBe(200);
    expect(await status('/openapi.json')).toBe(200);
    expect(await status('/metrics')).toBe(401);
    expect(await status('/events')).toBe(401);
    expect(await status('/nothing')).toBe(401);
    expect(await status('/metrics', { authorization: `Bearer ${token}x` })).toBe(401);
    expect(await status('/metrics', { authorization: `Basic ${token}` })).toBe(401);
    expect(await status(`/metrics?token=${token}`)).toBe(401);
    expect(await status('/metrics', bearer)).toBe(200);
  });
});

describe('pages of other sites', () => {
  it('are refused by origin, the ones on the list are answered', async () => {
    const { url, bearer } = await serve();
    const foreign = await fetch(`${url}/metrics`, { headers: { ...bearer, origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ code: 'FOREIGN_ORIGIN' });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
    const friend = await fetch(`${url}/metrics`, {
      headers: { ...bearer, origin: 'https://market.example' },
    });
    expect(friend.status).toBe(200);
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://market.example');
  });

  it('may ask beforehand only when they are on the list', async () => {
    const { url } = await serve();
    const preflight = (origin: string) =>
      fetch(`${url}/echo/a`, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-private-network': 'true',
        },
      });
    const toThisComputer = ({ headers }: Response) => headers.get('access-control-allow-private-network');
    const friend = await preflight('https://market.example');
    expect([friend.status, toThisComputer(friend)]).toEqual([204, 'true']);
    const evil = await preflight('https://evil.example');
    expect([evil.status, toThisComputer(evil)]).toEqual([403, null]);
    expect((await preflight('null')).status).toBe(403);
  });

  it('are refused when a browser says so without an origin', async () => {
    const { url } = await serve({ settings: { openMetrics: true } });
    const answer = await fetch(`${url}/metrics`, { headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.status).toBe(403);
  });

  it('cannot make a name of theirs point here', async () => {
    const { url, bearer } = await serve({ settings: { names: ['box.lan'] } });
    expect(await statusWithHost(url, 'evil.example', bearer)).toBe(403);
    expect(await statusWithHost(url, '127.0.0.1.evil.example:80', bearer)).toBe(403);
    expect(await statusWithHost(url, 'localhost:1', bearer)).toBe(200);
    expect(await statusWithHost(url, '[::1]:1', bearer)).toBe(200);
    expect(await statusWithHost(url, 'box.lan', bearer)).toBe(200);
  });
});

describe('limits', () => {
  it('stop a flood of guesses, but not who has the token', async () => {
    const { url, bearer } = await serve({ limits: { requestsPerMinute: 5 } });
    const guess = () => fetch(`${url}/metrics`, { headers: { authorization: 'Bearer guess' } });
    const answers = await Promise.all(Array.from({ length: 8 }, guess));
    expect(answers.map(({ status }) => status).sort()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused?.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect((await fetch(`${url}/metrics`, { headers: bearer })).status).toBe(200);
  });

  it('refuse a body that is too large, also one that does not say how large', async () => {
    const { url, bearer } = await serve({ limits: { bodyBytes: 1024 } });
    const body = JSON.stringify({ count: 1, filler: 'x'.repeat(2048) });
    const said = await fetch(`${url}/echo/a`, { method: 'POST', headers: { ...bearer, ...JSON_TYPE }, body });
    expect(said.status).toBe(413);
    expect(await said.json()).toEqual({
      code: 'TOO_LARGE',
      message: 'The body of the request is too large.',
    });
    const stream = new Blob([body]).stream();
    const init = {
      method: 'POST',
      headers: { ...bearer, ...JSON_TYPE },
      body: stream,
      duplex: 'half' as const,
    };
    expect((await fetch(`${url}/echo/a`, init)).status).toBe(413);
  });

  it('close connections beyond the most, and serve again when one is free', async () => {
    const { url } = await serve({ limits: { connections: 1 } });
    const { hostname, port } = new URL(url);
    const holder = connect(Number(port), hostname);
    await new Promise((resolve) => holder.once('connect', resolve));
    holder.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await new Promise((resolve) => holder.once('data', resolve));
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    const closed = new Promise((resolve) => holder.once('close', resolve));
    holder.write('GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    await closed;
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe('answers', () => {
  it('hold what the schema says and no more', async () => {
    const { url, bearer } = await serve();
    const init = { method: 'POST', headers: { ...bearer, ...JSON_TYPE }, body: '{"count":3}' };
    expect(await (await fetch(`${url}/echo/a`, init)).json()).toEqual({ count: 3 });
  });

  it('to wrong requests are sentences of one shape', async () => {
    const { url, bearer } = await serve();
    const post = async (body: string, type = 'application/json') => {
      const headers = { ...bearer, 'content-type': type };
      const answer = await fetch(`${url}/echo/a`, { method: 'POST', headers, body });
      return [answer.status, await answer.json()];
    };
    expect(await post('{"count":"3"}')).toEqual([
      400,
      {
        code: 'INVALID_REQUEST',
        message: 'The request is not as the OpenAPI document says: body.count must be integer.',
      },
    ]);
    expect(await post('{"count"')).toMatchObject([400, { code: 'INVALID_REQUEST' }]);
    expect(await post('count=3', 'application/x-www-form-urlencoded')).toMatchObject([
      415,
      { code: 'INVALID_REQUEST' },
    ]);
    const missing = await fetch(`${url}/nothing?x=1`, { headers: bearer });
    expect(await missing.json()).toMatchObject({ code: 'NOT_FOUND', message: /GET \/nothing\./ });
  });

  it('keep what failed inside to the log', async () => {
    const { url, bearer, logged } = await serve();
    const answer = await fetch(`${url}/broken`, { headers: bearer });
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('stack of a bug');
    expect(logged.join('')).toContain('the stack of a bug');
  });

  it('are described by the OpenAPI document', async () => {
    const { url } = await serve();
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown>; security?: unknown[] }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths).sort()).toEqual([
      '/broken',
      '/echo/{name}',
      '/events',
      '/health',
      '/metrics',
      '/openapi.json',
    ]);
    expect(Object.keys(document.paths['/echo/{name}']?.['post']?.responses ?? {})).toEqual([
      '200',
      '4XX',
      '5XX',
    ]);
    expect(document.paths['/health']?.['get']?.security).toEqual([]);
  });
});

describe('where it serves', () => {
  it('is this computer alone, unless that is said', async () => {
    await expect(serve({ settings: { host: '0.0.0.0' } })).rejects.toThrow(/say --api-exposed/);
    const { logged } = await serve({ settings: { host: '0.0.0.0', exposed: true } });
    expect(logged.join('')).toContain('put TLS in front of it');
  });

  it('is told when the port is taken', async () => {
    const { url } = await serve();
    await expect(serve({ settings: { port: Number(new URL(url).port) } })).rejects.toThrow(
      /Choose another --api-port/,
    );
  });
});

it('counts requests by route, not by what was asked for', async () => {
  const { url, bearer } = await serve();
  await fetch(`${url}/echo/secret-name`, {
    method: 'POST',
    headers: { ...bearer, ...JSON_TYPE },
    body: '{"count":1}',
  });
  const text = await (await fetch(`${url}/metrics`, { headers: bearer })).text();
  expect(text).toContain('hamster_api_requests_total{method="POST",route="/echo/:name",status="200"} 1');
  expect(text).not.toContain('secret-name');
});
