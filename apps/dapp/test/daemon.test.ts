import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  accessFrom,
  daemonUrl,
  isThisComputer,
  recallAccess,
  rememberAccess,
  type Stores,
} from '../src/features/daemon/access.ts';
import { DaemonApi } from '../src/features/daemon/daemon.api.ts';
import { portOf, webAddress } from '../src/features/daemon/ports.ts';

const TOKEN = 't'.repeat(43);
const STATUS = { version: '1', genesisHash: '0x00', address: '5F' };

/** Serves at a free port until the test ends, and remembers which requests had the token. */
async function serve(
  answer: (url: string, method: string, port: number) => { status?: number; body: unknown },
) {
  const tokens: string[] = [];
  const listener: RequestListener = ({ url = '', method = '', headers }, reply) => {
    if (headers.authorization !== undefined) tokens.push(`${method} ${url}`);
    const { status = 200, body } = answer(url, method, port);
    reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { api: new DaemonApi({ url: `http://127.0.0.1:${port}`, token: TOKEN }), tokens, server };
}

function health(url: string, port: number, token = TOKEN): object {
  const challenge = new URL(url, 'http://x').searchParams.get('challenge') ?? '';
  const proof = createHmac('sha256', token).update(`hamster daemon ${port} ${challenge}`).digest('base64url');
  return { status: 'up', proof };
}

beforeEach(() => void vi.stubGlobal('isSecureContext', true));
afterEach(() => void vi.unstubAllGlobals());

describe('the way to the daemon', () => {
  it.each([
    ['http://127.0.0.1:9618/', 'http://127.0.0.1:9618'],
    [' http://localhost:1/x?y#z', 'http://127.0.0.1:1'],
    ['http://[::1]:9618', 'http://[::1]:9618'],
    ['http://192.168.1.2:9618', undefined],
    ['http://127.0.0.1.evil.example:9618', undefined],
    ['http://me@127.0.0.1:9618', undefined],
    ['https://127.0.0.1:9618', undefined],
    ['javascript:alert(1)', undefined],
    ['', undefined],
  ])('leads to this computer alone: %s', (text, url) => {
    expect(daemonUrl(text)).toBe(url);
  });

  it('is taken from a link that is whole, and kept where the person wants it', () => {
    const access = { url: 'http://127.0.0.1:9618', token: TOKEN };
    expect(accessFrom(access)).toEqual(access);
    expect(accessFrom({ url: access.url })).toBeUndefined();
    expect(accessFrom({ ...access, token: ['a', 'b'] })).toBeUndefined();
    const store = (kept = new Map<string, string>()) => ({
      kept,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    });
    const stores = { tab: store(), browser: store() } satisfies Stores;
    rememberAccess(stores, access, true);
    rememberAccess(stores, access, false);
    expect([stores.tab.kept.size, stores.browser.kept.size]).toEqual([1, 0]);
    expect(recallAccess(stores)).toEqual(access);
    const shared = { tab: store(), browser: undefined };
    rememberAccess(shared, access, true);
    expect(recallAccess(shared)).toEqual(access);
    expect(
      ['127.0.0.1', '[::1]', 'localhost', 'market.localhost', 'market.example'].map(isThisComputer),
    ).toEqual([true, true, true, true, false]);
  });
});

describe('the daemon in the page', () => {
  it('gets the token only when it has proved to hold it', async () => {
    const good = await serve((url, _, port) => ({
      body: url.startsWith('/health') ? health(url, port) : STATUS,
    }));
    expect(await good.api.status()).toEqual(STATUS);
    expect(good.tokens).toEqual(['GET /status']);
    const other = await serve((url, _, port) => ({ body: health(url, port, 'another') }));
    await expect(other.api.status()).rejects.toMatchObject({ code: 'token' });
    // As the daemon at another port answers, when somebody passes the challenge on.
    const relay = await serve((url, _, port) => ({ body: health(url, port - 1) }));
    await expect(relay.api.status()).rejects.toMatchObject({ code: 'token' });
    const stranger = await serve(() => ({ body: { hello: 'world' } }));
    await expect(stranger.api.status()).rejects.toMatchObject({ code: 'stranger' });
    expect([...other.tokens, ...relay.tokens, ...stranger.tokens]).toEqual([]);
  });

  it('is told apart when it is away, too old, or refuses', async () => {
    const old = await serve((url, _, port) => ({
      body: url.startsWith('/health') ? health(url, port) : { version: '0' },
    }));
    await expect(old.api.status()).rejects.toMatchObject({ code: 'old' });
    const refusing = await serve((url, method, port) => {
      if (url.startsWith('/health')) return { body: health(url, port) };
      if (method === 'POST')
        return { status: 409, body: { code: 'LISTEN_FAILED', message: 'Port 80 is taken.' } };
      return {
        status: 404,
        body: { code: url.startsWith('/leases') ? 'LEASE_NOT_FOUND' : 'NO_SUCH_FORWARD', message: '' },
      };
    });
    const terms = { lease: 1, local: 80, remote: 80 };
    await expect(refusing.api.openForward(terms)).rejects.toMatchObject({
      code: 'refused',
      message: 'Port 80 is taken.',
    });
    expect(await refusing.api.lease(1)).toBeUndefined();
    await refusing.api.closeForward('gone');
    refusing.server.close();
    refusing.server.closeAllConnections();
    await expect(refusing.api.forwards()).rejects.toMatchObject({ code: 'away' });
    vi.stubGlobal('isSecureContext', false);
    await expect(old.api.status()).rejects.toMatchObject({ code: 'insecure' });
  });

  it('knows ports, and which of them a browser opens', () => {
    expect(['22', ' 65535 ', '0', '65536', '1e3', '', '-1', '8o'].map(portOf)).toEqual([
      22,
      65_535,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(webAddress({ local: 1234, remote: 8080 })).toBe('http://127.0.0.1:1234/');
    expect(webAddress({ local: 1234, remote: 8443 })).toBe('https://127.0.0.1:1234/');
    expect(webAddress({ local: 1234, remote: 22 })).toBeUndefined();
  });
});
