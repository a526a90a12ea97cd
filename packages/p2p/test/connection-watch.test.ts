import type { PeerId } from '@libp2p/interface';
import { multiaddrConnectionPair } from '@libp2p/utils';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { watchConnections } from '../src/host/connection-watch.ts';
import { cleanup } from './support/cleanup.ts';
import { freezableProxy } from './support/freezable-proxy.ts';
import { gatewayHost, peerHost, until } from './support/network.ts';

const keep = cleanup();
afterEach(() => {
  vi.useRealTimers();
});

describe('a watched connection', () => {
  async function watched() {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const clock = { now: 0 };
    const watch = keep(watchConnections({ silentMs: 30_000, lookMs: 5_000, now: () => clock.now }));
    const [near, far] = multiaddrConnectionPair();
    const peer = { toString: () => 'peer' } as PeerId;
    expect(await watch.gater.denyOutboundEncryptedConnection?.(peer, near)).toBe(false);
    near.addEventListener('message', () => undefined);
    const receive = async (): Promise<void> => {
      const arrived = new Promise((resolve) => near.addEventListener('message', resolve, { once: true }));
      far.send(Uint8Array.of(1));
      await arrived;
    };
    return { near, receive, clock };
  }

  test('lives as long as something comes, however little', async () => {
    const { near, receive } = await watched();
    for (let times = 0; times < 5; times++) {
      vi.advanceTimersByTime(25_000);
      await receive();
    }
    expect(near.status).toBe('open');
  });

  test('is cut when nothing comes for too long', async () => {
    const { near } = await watched();
    vi.advanceTimersByTime(30_000);
    expect(near.status).toBe('open');
    vi.advanceTimersByTime(5_000);
    expect(near.status).toBe('aborted');
  });

  test('has to show soon after a sleep of this machine that it still lives', async () => {
    const quiet = await watched();
    quiet.clock.now += 8 * 3_600_000;
    vi.advanceTimersByTime(15_000);
    expect(quiet.near.status).toBe('open');
    vi.advanceTimersByTime(5_000);
    expect(quiet.near.status).toBe('aborted');
  });

  test('that answers after a sleep has all of its time again', async () => {
    const { near, receive, clock } = await watched();
    clock.now += 8 * 3_600_000;
    vi.advanceTimersByTime(10_000);
    await receive();
    vi.advanceTimersByTime(25_000);
    expect(near.status).toBe('open');
  });
});

describe('a host', () => {
  test('notices a line that has fallen silent', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const gateway = keep(await gatewayHost());
    const [, port] = /tcp\/(\d+)/.exec(gateway.addresses()[0] ?? '') ?? [];
    const proxy = keep(await freezableProxy(Number(port)));
    const client = keep(await peerHost());
    await client.libp2p.dial(multiaddr(`/ip4/127.0.0.1/tcp/${proxy.port}/p2p/${gateway.peerId}`));
    proxy.freeze();
    vi.advanceTimersByTime(45_000);
    await until(
      () => client.libp2p.getConnections().length === 0 && gateway.libp2p.getConnections().length === 0,
    );
  });
});
