import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { peerIdFromString } from '@libp2p/peer-id';
import { describe, expect, test } from 'vitest';
import { dialProvider, type Host, type RelayLimits, type RelayOptions } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { echo } from './support/machines.ts';
import { gatewayHost, listing, peerHost, reachable, until } from './support/network.ts';
import { relayedLease } from './support/relayed.ts';

const keep = cleanup();
const yes: RelayOptions['acl'] = { mayReserve: () => true, mayRelay: () => true };

async function gatewayWith(limits: Partial<RelayLimits>, acl: Partial<RelayOptions['acl']> = {}) {
  return keep(await gatewayHost({ acl: { ...yes, ...acl }, limits }));
}

async function connected(gateway: Awaited<ReturnType<typeof gatewayHost>>): Promise<Host> {
  const host = keep(await peerHost());
  await host.libp2p.dial(gateway.libp2p.getMultiaddrs());
  return host;
}

describe('a gateway', () => {
  test('gives reservations only to those that its list knows, and asks the list again', async () => {
    const providers = new Set<string>();
    const gateway = await gatewayWith({}, { mayReserve: (peer) => providers.has(peer) });
    const known = await connected(gateway);
    const stranger = await connected(gateway);
    providers.add(known.peerId);
    await known.circuits.reserve(gateway.peerId);
    const refused = stranger.circuits.reserve(gateway.peerId);
    await expect(refused).rejects.toMatchObject({
      code: 'RESERVATION_REFUSED',
      message: expect.stringContaining('PERMISSION_DENIED'),
    });
    providers.clear();
    expect(await gateway.relay.recheck()).toEqual([known.peerId]);
    expect(gateway.relay.reservations()).toEqual([]);
  });

  test('keeps everybody while its list cannot be asked, and lets nobody new in', async () => {
    let reachableList = true;
    const mayReserve = async () => {
      if (reachableList) return true;
      throw new TypeError('the list is away');
    };
    const gateway = await gatewayWith({}, { mayReserve });
    const provider = await connected(gateway);
    await provider.circuits.reserve(gateway.peerId);
    reachableList = false;
    await expect(gateway.relay.recheck()).rejects.toThrow('the list is away');
    expect(gateway.relay.reservations()).toHaveLength(1);
    const late = await connected(gateway);
    await expect(late.circuits.reserve(gateway.peerId)).rejects.toMatchObject({
      code: 'RESERVATION_REFUSED',
    });
  });

  test('relays only to peers with a reservation, and only for whom its list lets', async () => {
    const banned = new Set<string>();
    const gateway = await gatewayWith({}, { mayRelay: (source) => !banned.has(source) });
    const provider = await connected(gateway);
    const client = keep(await peerHost());
    const dial = () => dialProvider(client, provider, { gateways: [listing(gateway)] });
    await expect(dial()).rejects.toThrow('NO_RESERVATION');
    await provider.circuits.reserve(gateway.peerId);
    banned.add(client.peerId);
    await expect(dial()).rejects.toThrow('PERMISSION_DENIED');
    banned.clear();
    expect((await dial()).remotePeer.toString()).toBe(provider.peerId);
  });

  test('forgets the reservation of a provider that leaves', async () => {
    const gateway = await gatewayWith({});
    const provider = await connected(gateway);
    await provider.circuits.reserve(gateway.peerId);
    expect(gateway.relay.reservations()).toHaveLength(1);
    await provider.stop();
    await until(() => gateway.relay.reservations().length === 0);
  });

  test('lesson 20: bounds reservations, in all and from one address, and takes the place of an expired one', async () => {
    let now = Date.now();
    const limits = { reservations: 2, reservationsPerAddress: 1, reservationMs: 60_000 };
    const gateway = keep(await gatewayHost({ acl: yes, limits, now: () => now }));
    const first = await connected(gateway);
    const second = await connected(gateway);
    await first.circuits.reserve(gateway.peerId);
    await expect(second.circuits.reserve(gateway.peerId)).rejects.toThrow('RESERVATION_REFUSED');
    now += 60_000;
    await second.circuits.reserve(gateway.peerId);
    expect(gateway.relay.reservations().map(({ peer }) => peer)).toEqual([second.peerId]);
  });

  test('lesson 20: bounds the relayed connections of one client', async () => {
    const gateway = await gatewayWith({ circuitsPerSource: 1 });
    const provider = keep(await peerHost());
    keep(await reachable(provider, () => [listing(gateway)]));
    const client = keep(await peerHost());
    const dial = () => dialProvider(client, provider, { gateways: [listing(gateway)] });
    const first = await dial();
    expect(gateway.relay.circuits()).toBe(1);
    await expect(dial()).rejects.toThrow('RESOURCE_LIMIT_EXCEEDED');
    await first.close();
    await until(() => gateway.relay.circuits() === 0);
    await dial();
  });

  test('cuts a relayed connection that has used up its bytes', async () => {
    const gateway = await gatewayWith({ circuitBytes: 1 << 20 });
    const { open } = await relayedLease({ keep, machine: echo, gateways: [gateway] });
    const tunnel = await open();
    tunnel.resume();
    tunnel.write(Buffer.alloc(2 << 20));
    expect(await once(tunnel, 'error')).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => gateway.relay.circuits() === 0);
    const next = await open();
    next.end('fits');
    expect(await text(next)).toBe('fits');
  });

  test('cuts a relayed connection that has used up its time', async () => {
    const gateway = await gatewayWith({ circuitMs: 3_000 });
    const { open } = await relayedLease({ keep, machine: echo, gateways: [gateway] });
    expect(await once(await open(), 'error')).toMatchObject([{ code: 'CONNECTION_LOST' }]);
  });

  test('counts relayed bytes for both ends', async () => {
    const { open, gateways, client, provider } = await relayedLease({ keep, machine: echo });
    const tunnel = await open();
    tunnel.end(Buffer.alloc(1 << 20));
    await text(tunnel);
    const relay = gateways[0]?.relay;
    const ofClient = relay?.traffic().get(client.peerId);
    expect(ofClient?.asSource.in).toBeGreaterThan(1 << 20);
    expect(ofClient?.asSource.out).toBeGreaterThan(1 << 20);
    expect(ofClient?.asHolder).toEqual({ in: 0, out: 0 });
    const { in: up = 0, out: down = 0 } = ofClient?.asSource ?? {};
    expect(relay?.traffic().get(provider.peerId)?.asHolder).toEqual({ in: down, out: up });
    expect(relay?.relayedBytes()).toBe(up + down);
  });

  test('reaches a provider that came back before its old connection was known to be dead', async () => {
    const gateway = await gatewayWith({});
    const provider = await connected(gateway);
    await provider.circuits.reserve(gateway.peerId);
    const [old] = gateway.libp2p.getConnections(peerIdFromString(provider.peerId));
    // A second connection of the same peer, as after a change of network; the first one hears nothing any more.
    await provider.libp2p.dial(gateway.libp2p.getMultiaddrs(), { force: true });
    await until(() => gateway.libp2p.getConnections(peerIdFromString(provider.peerId)).length === 2);
    if (old) old.newStream = () => new Promise(() => undefined);
    const client = keep(await peerHost());
    const connection = await dialProvider(client, provider, { gateways: [listing(gateway)] });
    expect(connection.status).toBe('open');
  });
});
