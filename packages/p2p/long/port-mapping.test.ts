import { afterEach, describe, expect, test } from 'vitest';
import { createInternet } from './support/internet.ts';
import { startMiniupnpd, type MiniupnpdOptions } from './support/miniupnpd.ts';
import { startPeer, type Peer } from './support/peer.ts';

const GATEWAY = '9.9.0.1';
const PROVIDER = '9.9.1.1';
const PORT = 4001;
const MEBIBYTE = 1 << 20;

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const started = (peer: Peer): Peer => {
  endings.push(() => peer.kill());
  return peer;
};

/** A provider whose router can be asked, and a client behind a NAT that nobody can meet half-way. */
async function bed(asked: MiniupnpdOptions) {
  const internet = await createInternet();
  endings.push(() => internet.stop());
  const gateway = started(startPeer(await internet.publicHost(GATEWAY)));
  const gateways = [await gateway.ask('gateway', { listen: `/ip4/${GATEWAY}/tcp/${PORT}` })];
  const home = await internet.hostBehindNat(PROVIDER, { mapping: 'endpoint-independent' });
  const router = await startMiniupnpd(home.router, asked);
  endings.push(() => router.stop());
  const provider = started(startPeer(home));
  const { peerId } = await provider.ask('provider', {
    gateways,
    listen: ['/ip4/0.0.0.0/tcp/0'],
    announce: [],
    mapPort: true,
  });
  const client = started(startPeer(await internet.hostBehindNat('9.9.2.1', { mapping: 'random' })));
  await client.ask('client', { gateways, provider: peerId });
  return { gateway, router, provider, client };
}

describe.each(['UPnP', 'NAT-PMP'] as const)('a provider whose router speaks %s', (speaks) => {
  test('is reached directly by the port that the router forwards, which is closed when the provider stops', async () => {
    const { gateway, router, provider, client } = await bed({ speaks });
    const mapping = await provider.ask('mapping', {});
    expect(mapping).toMatchObject({ state: 'mapped', by: speaks });
    expect(mapping).toHaveProperty('address', expect.stringMatching(`^/ip4/${PROVIDER}/tcp/\\d+$`));
    expect(await router.forwards()).toHaveLength(1);
    await client.ask('transfer', { bytes: 1 });
    expect(await client.ask('searched', {})).toEqual({ noWay: '' });
    expect(await client.ask('ways', {})).toMatchObject({ direct: 1 });
    const before = (await gateway.ask('relayed', {})).bytes;
    expect(await client.ask('transfer', { bytes: 8 * MEBIBYTE })).toEqual({ whole: true });
    expect((await gateway.ask('relayed', {})).bytes - before).toBeLessThan(MEBIBYTE);
    await provider.ask('stop', {});
    expect(await router.forwards()).toEqual([]);
  });
});
