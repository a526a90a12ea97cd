import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { multiaddr } from '@multiformats/multiaddr';
import { peerIdFromString } from '@libp2p/peer-id';
import { describe, expect, test } from 'vitest';
import { serveDirect, tunnelClient, type Host, type PeerErrorCode } from '../src/index.ts';
import { worthDialling, worthTelling } from '../src/direct/addresses.ts';
import { decodeDirectRequest, encodeDirectRequest } from '../src/direct/protocol.ts';
import { findDirectWay } from '../src/direct/find-direct-way.ts';
import { directUpgrade } from '../src/direct/direct-upgrade.ts';
import { account, GENESIS, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, fakeMachine, hashSink } from './support/machines.ts';
import {
  gatewayHost,
  listeningHost,
  listing,
  peerHost,
  reachable,
  serveLease7,
  until,
} from './support/network.ts';

const keep = cleanup();
const never = new AbortController().signal;

/** Alice's client knows the provider by gateways only, but could dial it, as both are on one host. */
async function nearby(machine: Parameters<typeof fakeMachine>[0]) {
  const renter = await account('//Alice');
  const gateway = keep(await gatewayHost());
  const provider = keep(await listeningHost());
  const { port } = keep(await fakeMachine(machine));
  const refused: PeerErrorCode[] = [];
  await serveLease7(provider, { renter: renter.address, port });
  await serveDirect(provider, {
    genesisHash: GENESIS,
    authorise: async ({ lease, account: asker }) =>
      lease === 7n && asker === renter.address
        ? { ok: true }
        : { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' },
    onRefused: (_peer, { code }) => refused.push(code),
  });
  keep(await reachable(provider, () => [listing(gateway)]));
  const client = keep(await peerHost());
  const tunnels = tunnelClient({
    host: client,
    provider: { peerId: provider.peerId },
    gateways: () => [listing(gateway)],
  });
  const grant = await grantFor(client.peerId, renter);
  const request = { grant, lease: 7n, port: 22 };
  return { renter, gateway, provider, client, refused, request, open: () => tunnels.open(request) };
}

function connectionsTo(host: Host, { peerId }: Host) {
  return host.libp2p.getConnections(peerIdFromString(peerId));
}

function isDirect(host: Host, peer: Host): boolean {
  return connectionsTo(host, peer).some(({ direct }) => direct);
}

describe('a client that reaches its provider through a gateway', () => {
  test('goes on directly where it can; what runs already loses and repeats nothing', async () => {
    const { open, gateway, client, provider } = await nearby(hashSink);
    const data = randomBytes(8 << 20);
    const [first, second] = [data.subarray(0, 5 << 20), data.subarray(5 << 20)];
    const running = await open();
    running.write(first);
    await until(() => isDirect(client, provider));
    running.end(second);
    expect(await text(running)).toBe(createHash('sha256').update(data).digest('hex'));
    expect(gateway.relay.relayedBytes()).toBeGreaterThan(data.length);

    await until(() => connectionsTo(client, provider).every(({ direct }) => direct));
    await until(() => gateway.relay.circuits() === 0);
    const relayed = gateway.relay.relayedBytes();
    const next = await open();
    next.end(data);
    expect(await text(next)).toBe(createHash('sha256').update(data).digest('hex'));
    expect(gateway.relay.relayedBytes()).toBe(relayed);
  });

  test('goes back to the gateway when the direct connection is lost', async () => {
    const { open, client, provider, gateway } = await nearby(echo);
    (await open()).destroy();
    await until(
      () => connectionsTo(client, provider).every(({ direct }) => direct) && isDirect(client, provider),
    );
    await until(() => gateway.relay.circuits() === 0);
    for (const connection of connectionsTo(client, provider)) connection.abort(new RangeError('unplugged'));
    const again = await open();
    again.end('still here');
    expect(await text(again)).toBe('still here');
  });

  test('is told no address without a good grant, and opens nothing without one on a direct connection', async () => {
    const { open, client, provider, request, refused } = await nearby(echo);
    (await open()).destroy();
    await until(() => isDirect(client, provider));
    const [connection] = connectionsTo(client, provider);
    if (!connection) return expect.fail('There is no connection');
    const bob = await grantFor(client.peerId, await account('//Bob'));
    const forBob = findDirectWay(client, connection, { grant: bob, lease: 7n }, never);
    await expect(forBob).rejects.toMatchObject({ code: 'NOT_RENTER' });
    const thief = keep(await peerHost());
    const theirs = await thief.libp2p.dial(provider.libp2p.getMultiaddrs());
    await expect(findDirectWay(thief, theirs, request, never)).rejects.toMatchObject({
      code: 'GRANT_SIGNATURE',
    });
    const tunnel = tunnelClient({ host: thief, provider: { peerId: provider.peerId }, gateways: () => [] });
    await expect(tunnel.open(request)).rejects.toMatchObject({ code: 'GRANT_SIGNATURE' });
    expect(refused).toEqual(['NOT_RENTER', 'GRANT_SIGNATURE']);
  });
});

describe('the search for a direct way', () => {
  test('is made once at a time, and less and less often while there is none', async () => {
    const host = keep(await peerHost());
    let now = 0;
    let tries = 0;
    const find = () => {
      tries += 1;
      return Promise.reject(new RangeError('NAT'));
    };
    const upgrade = directUpgrade(host, { find, now: () => now });
    const relayed = { direct: false } as Parameters<typeof upgrade.consider>[0];
    const request = { grant: await grantFor(host.peerId, await account('//Alice')), lease: 7n };
    const triedAt: number[] = [];
    for (; now < 4 * 3_600_000; now += 10_000) {
      const before = tries;
      upgrade.consider(relayed, request);
      upgrade.consider(relayed, request);
      await Promise.resolve().then(() => Promise.resolve());
      await new Promise(setImmediate);
      if (tries > before) triedAt.push(now / 60_000);
    }
    expect(triedAt.slice(0, 6)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(triedAt.at(-1)).toBe(triedAt.length * 30 - 150 + 1);
  });
});

describe('addresses', () => {
  const PUBLIC = '/ip4/9.9.9.9/tcp/4001';

  test('are told with the public ones first, and only plain TCP', () => {
    const all = ['/ip4/127.0.0.1/tcp/1', '/ip4/10.0.0.1/tcp/1/ws', PUBLIC, '/ip4/192.168.7.7/tcp/2', PUBLIC];
    const told = worthTelling(all.map((address) => multiaddr(address)));
    expect(told).toEqual([PUBLIC, '/ip4/127.0.0.1/tcp/1', '/ip4/192.168.7.7/tcp/2']);
  });

  test('of networks that this host is not in are never dialled, nor its own loopback for a stranger', () => {
    const told = [
      '/ip4/127.0.0.1/tcp/1',
      PUBLIC,
      '/ip4/198.51.100.7/tcp/2',
      '/dns4/a.example/tcp/1',
      'nonsense',
    ];
    expect(worthDialling(told, false).map(String)).toEqual([PUBLIC]);
    expect(worthDialling(told, true).map(String)).toEqual(['/ip4/127.0.0.1/tcp/1', PUBLIC]);
    expect(worthDialling(Array<string>(100).fill(PUBLIC), false)).toHaveLength(8);
  });

  test('that a provider shall meet a client at are public ones, or the request is refused', async () => {
    const grant = await grantFor(
      '12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo',
      await account('//Alice'),
    );
    const request = (observed: string) =>
      decodeDirectRequest(encodeDirectRequest({ grant, lease: 7n, observed: multiaddr(observed) }));
    expect(request(PUBLIC).observed?.toString()).toBe(PUBLIC);
    for (const inside of [
      '/ip4/10.1.2.3/tcp/22',
      '/ip4/127.0.0.1/tcp/22',
      '/ip6/::1/tcp/22',
      '/dns4/db.lan/tcp/5432',
    ]) {
      expect(() => request(inside)).toThrow(expect.objectContaining({ code: 'MESSAGE_MALFORMED' }));
    }
  });
});
