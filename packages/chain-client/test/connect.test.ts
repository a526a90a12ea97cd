import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { connect } from '../src/index.ts';

async function silentServer() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

describe('connecting', () => {
  it('says at once that nobody is there, and nothing on the console', async () => {
    const { url, server } = await silentServer();
    server.close();
    await once(server, 'close');
    const console = vi.spyOn(globalThis.console, 'error');
    await expect(connect(url)).rejects.toMatchObject({
      code: 'CHAIN_UNREACHABLE',
      message: `No chain answers at ${url}. Is its node running, and is the address right?`,
    });
    expect(console).not.toHaveBeenCalled();
  });

  it('gives up after its time, and when it is told to', async () => {
    const { url, server } = await silentServer();
    await expect(connect(url, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'CHAIN_TIMEOUT',
      fault: 'transient',
    });
    await expect(connect(url, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    server.close();
  });

  it('refuses what is no address', async () => {
    await expect(connect('http://localhost')).rejects.toMatchObject({ code: 'CHAIN_URL_INVALID' });
  });
});
