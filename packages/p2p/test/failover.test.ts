import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import {
  createIdentity,
  dialProvider,
  gatewaysInOrder,
  keepReservations,
  tunnelClient,
  type GatewayHost,
} from '../src/index.ts';
import { account, grantFor } from './support/accounts.ts';
import { freezableProxy } from './support/freezable-proxy.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, hashSink } from './support/machines.ts';
import { gatewayHost, listing, peerHost, reachable, until } from './support/network.ts';
import { relayedLease } from './support/relayed.ts';

const keep = cleanup();

/** Which gateway an open tunnel goes through. */
function inUse(gateways: GatewayHost[]): GatewayHost {
  const [busy, ...others] = gateways.filter((gateway) => gateway.relay.circuits() > 0);
  expect(others).toEqual([]);
  return busy ?? expect.fail('No gateway relays anything');
}

/** How long each may take is tested on a clock of its own, in failover-times.test.ts. */
describe('when a gateway dies', () => {
  test('lesson 20: open tunnels break loudly and the next goes through the other at once', async () => {
    const gateways = [keep(await gatewayHost()), keep(await gatewayHost())];
    const { open } = await relayedLease({ keep, machine: echo, gateways });
    const tunnel = await open();
    tunnel.write('hello');
    await once(tunnel, 'data');
    const broken = once(tunnel, 'error');
    await inUse(gateways).stop();
    expect(await broken).toMatchObject([{ code: 'CONNECTION_LOST' }]);

    const next = await open();
    next.end('again');
    expect(await text(next)).toBe('again');
  });

  test('or falls silent, the next tunnel goes through the other', async () => {
    const gateways = [keep(await gatewayHost()), keep(await gatewayHost())];
    const { open, client, provider } = await relayedLease({ keep, machine: echo, gateways });
    (await open()).on('error', () => undefined);
    const used = inUse(gateways);
    const port = Number(/tcp\/(\d+)/.exec(used.addresses()[0] ?? '')?.[1]);
    const proxy = keep(await freezableProxy(port));
    const behindProxy = { peerId: used.peerId, multiaddrs: [`/ip4/127.0.0.1/tcp/${proxy.port}`] };
    await client.libp2p.hangUp(used.libp2p.peerId);
    const listings = gateways.map((gateway) => (gateway === used ? behindProxy : listing(gateway)));
    const tunnels = tunnelClient({ host: client, provider, gateways: () => listings });
    const request = { grant: await grantFor(client.peerId, await account('//Alice')), lease: 7n, port: 22 };
    (await tunnels.open(request)).on('error', () => undefined);
    expect(inUse(gateways)).toBe(used);

    proxy.freeze();
    const next = await tunnels.open(request);
    next.end('again');
    expect(await text(next)).toBe('again');
  });

  test('a download that it cuts never looks complete', async () => {
    const { open, gateways } = await relayedLease({ keep, machine: (socket) => socket.write('half of it') });
    const tunnel = await open();
    await once(tunnel, 'data');
    const whole = text(tunnel);
    await gateways[0]?.stop();
    await expect(whole).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('lesson 20: the provider takes another, and comes back when it returns', async () => {
    const identity = await createIdentity();
    const first = await gatewayHost(undefined, { identity });
    const [listen = ''] = first.addresses().map((address) => address.replace(/\/p2p\/.*/, ''));
    const second = keep(await gatewayHost());
    const addresses = [listing(first), listing(second)];
    const provider = keep(await peerHost());
    const keeper = keep(await reachable(provider, () => addresses));
    await first.stop();
    await until(() => keeper.held().join() === second.peerId);

    const returned = keep(await gatewayHost(undefined, { identity, listen: [listen] }));
    await until(() => keeper.held().length === 2);
    expect(returned.relay.reservations().map(({ peer }) => peer)).toEqual([provider.peerId]);
  });
});

describe('a provider with more gateways than it wants', () => {
  test('keeps to the first of its own order and replaces one that goes', async () => {
    const gateways = [];
    for (let count = 0; count < 3; count++) gateways.push(keep(await gatewayHost()));
    const provider = keep(await peerHost());
    const listings = gateways.map(listing);
    const order = gatewaysInOrder(provider.peerId, listings).map(({ peerId }) => peerId);
    const changes: string[] = [];
    const keeper = keep(
      keepReservations({
        host: provider,
        gateways: () => listings,
        want: 2,
        everyMs: 100,
        onChange: (held) => changes.push(held.join()),
      }),
    );
    await until(() => keeper.held().length === 2);
    expect(new Set(keeper.held())).toEqual(new Set(order.slice(0, 2)));
    await gateways.find(({ peerId }) => peerId === order[0])?.stop();
    await until(() => changes.at(-1) === order.slice(1).join());
  });
});

describe('a silent gateway', () => {
  test('is overtaken', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    keep(silent);
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const mute = async () => ({
      peerId: (await createIdentity()).peerId,
      multiaddrs: [`/ip4/127.0.0.1/tcp/${port}`],
    });
    const { provider, client, gateways } = await relayedLease({ keep, machine: hashSink });
    const listings = [...gateways.map(listing), await mute(), await mute(), await mute()];
    const connection = await dialProvider(client, provider, { gateways: listings });
    expect(connection.remotePeer.toString()).toBe(provider.peerId);
  });

  test('and a refused one: the error names each way that was tried', async () => {
    const client = keep(await peerHost());
    const gone = { peerId: (await createIdentity()).peerId, multiaddrs: ['/ip4/127.0.0.1/tcp/1'] };
    const dialling = dialProvider(client, { peerId: (await createIdentity()).peerId }, { gateways: [gone] });
    await expect(dialling).rejects.toMatchObject({
      code: 'NO_ROUTE',
      message: expect.stringContaining(gone.peerId),
    });
  });
});
