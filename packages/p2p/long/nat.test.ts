import { afterEach, describe, expect, test, vi } from 'vitest';
import { createInternet, type NatOptions } from './support/internet.ts';
import { startPeer, type Peer } from './support/peer.ts';

const GATEWAYS = ['9.9.0.1', '9.9.0.2'] as const;
const PORT = 4001;
const MEBIBYTE = 1 << 20;

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Setting {
  readonly provider: NatOptions;
  readonly client: NatOptions;
  readonly gateways?: number;
}

/** Client and provider each behind a NAT of its own, gateways with public addresses between them. */
async function bed({ gateways: count = 1, ...nats }: Setting) {
  const internet = await createInternet();
  endings.push(() => internet.stop());
  const started = (peer: Peer): Peer => {
    endings.push(() => peer.kill());
    return peer;
  };
  const gateways: Peer[] = [];
  const listed = [];
  for (const address of GATEWAYS.slice(0, count)) {
    const gateway = started(startPeer(await internet.publicHost(address)));
    gateways.push(gateway);
    listed.push(await gateway.ask('gateway', { listen: `/ip4/${address}/tcp/${PORT}` }));
  }
  const provider = started(startPeer(await internet.hostBehindNat('9.9.1.1', nats.provider)));
  const { forwarded } = nats.provider;
  const { peerId } = await provider.ask('provider', {
    gateways: listed,
    listen: [`/ip4/0.0.0.0/tcp/${forwarded ?? 0}`],
    announce: forwarded === undefined ? [] : [`/ip4/9.9.1.1/tcp/${forwarded}`],
  });
  const client = started(startPeer(await internet.hostBehindNat('9.9.2.1', nats.client)));
  await client.ask('client', { gateways: listed, provider: peerId });
  return { gateways, client };
}

async function until(condition: () => Promise<boolean>, timeout: number): Promise<void> {
  await vi.waitFor(async () => expect(await condition()).toBe(true), { timeout, interval: 100 });
}

/** New tunnels go past the gateway; the one that was open before ends whole. */
async function expectDirect({ gateways: [gateway], client }: Awaited<ReturnType<typeof bed>>): Promise<void> {
  await client.ask('hold', {});
  expect(await client.ask('ways', {})).toMatchObject({ relayed: 1 });
  expect(await client.ask('searched', {})).toEqual({ noWay: '' });
  expect(await client.ask('ways', {})).toMatchObject({ direct: 1 });
  expect(await client.ask('finish', { bytes: 4 * MEBIBYTE })).toEqual({ whole: true });
  const before = await gateway?.ask('relayed', {});
  expect(before?.bytes).toBeGreaterThan(4 * MEBIBYTE);
  await until(async () => (await gateway?.ask('relayed', {}))?.circuits === 0, 10_000);
  expect(await client.ask('transfer', { bytes: 8 * MEBIBYTE })).toEqual({ whole: true });
  expect((await gateway?.ask('relayed', {}))?.bytes).toBeLessThan((before?.bytes ?? 0) + MEBIBYTE);
}

/** Whatever is tried in the background, tunnels work, through the gateway. */
async function expectRelayed({
  gateways: [gateway],
  client,
}: Awaited<ReturnType<typeof bed>>): Promise<void> {
  await client.ask('hold', {});
  expect(await client.ask('transfer', { bytes: 4 * MEBIBYTE })).toEqual({ whole: true });
  expect((await client.ask('searched', {})).noWay).not.toBe('');
  expect(await client.ask('ways', {})).toEqual({ direct: 0, relayed: 1 });
  expect(await client.ask('finish', { bytes: 4 * MEBIBYTE })).toEqual({ whole: true });
  expect((await gateway?.ask('relayed', {}))?.bytes).toBeGreaterThan(8 * MEBIBYTE);
}

const same = { mapping: 'endpoint-independent' } as const;
const random = { mapping: 'random' } as const;

describe('a client and a provider, each behind a NAT', () => {
  test('meet half-way where the NATs let them', async () => {
    await expectDirect(await bed({ provider: same, client: same }));
  });

  test('talk directly by a port that the provider’s router forwards, whatever the client’s NAT does', async () => {
    await expectDirect(await bed({ provider: { ...same, forwarded: 4444 }, client: random }));
  });

  test('stay with the gateway where a NAT gives every connection another port', async () => {
    await expectRelayed(await bed({ provider: random, client: same }));
  });

  test('lose the gateway: what ran breaks loudly, and the next tunnel takes the other gateway', async () => {
    const { gateways, client } = await bed({ provider: random, client: random, gateways: 2 });
    await client.ask('hold', {});
    const [used, spare] = await inOrderOfUse(gateways);
    const broken = client.ask('broken', {});
    await used?.kill();
    expect(await broken).toEqual({ code: 'CONNECTION_LOST' });
    expect(await client.ask('transfer', { bytes: MEBIBYTE })).toEqual({ whole: true });
    expect((await spare?.ask('relayed', {}))?.bytes).toBeGreaterThan(MEBIBYTE);
  });
});

async function inOrderOfUse(gateways: readonly Peer[]): Promise<Peer[]> {
  const circuits = await Promise.all(gateways.map(async (each) => (await each.ask('relayed', {})).circuits));
  return gateways.toSorted(
    (a, b) => (circuits[gateways.indexOf(b)] ?? 0) - (circuits[gateways.indexOf(a)] ?? 0),
  );
}
