import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { peerIdFromString } from '@libp2p/peer-id';
import { describe, expect, test } from 'vitest';
import { askOn, newStream } from '../src/access/ask-provider.ts';
import { encodeLaneCall, encodeLaneRequest, LANE_PROTOCOL } from '../src/lane/gateway-messages.ts';
import { newTicket } from '../src/lane/ticket.ts';
import type { Host } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, hashSink } from './support/machines.ts';
import { gatewayHost, peerHost, until } from './support/network.ts';
import { relayedLease, type RelayedLease } from './support/relayed.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();
const block = randomBytes(65_536);

/** So many blocks, one by one, as they come from a socket. */
const blocks = (count: number): Readable => Readable.from(Array.from({ length: count }, () => block));

const hashOfBlocks = (count: number): string => {
  const hash = createHash('sha256');
  for (let index = 0; index < count; index += 1) hash.update(block);
  return hash.digest('hex');
};

function gatewayOf({ gateways }: RelayedLease) {
  const [gateway] = gateways;
  return gateway ?? expect.fail('There is no gateway');
}

/** Moves a tunnel to an echo over to its lane, by sending until there are both a circuit and a lane, and some more. */
async function moved(lease: RelayedLease): Promise<Duplex> {
  const gateway = gatewayOf(lease);
  const tunnel = await lease.open();
  tunnel.resume();
  const send = async (isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) {
      if (!tunnel.write(block)) await once(tunnel, 'drain');
      await new Promise(setImmediate);
    }
  };
  await send(() => gateway.relay.circuits() === 2);
  const before = gateway.relay.relayedBytes();
  await send(() => gateway.relay.relayedBytes() > before + 8 * MEBIBYTE);
  return tunnel;
}

/** Asks a peer for something about lanes, and how that ends. */
async function ask(host: Host, peer: string, request: Uint8Array) {
  const [connection] = host.libp2p.getConnections(peerIdFromString(peer));
  if (!connection) return expect.fail('There is no connection');
  const signal = AbortSignal.timeout(10_000);
  return askOn(await newStream(connection, LANE_PROTOCOL, signal), { request, maxMessage: 1024, signal });
}

describe('a tunnel through a gateway, when much goes through it', () => {
  test('goes on by a lane that counts as a circuit, and both are gone when it ends', async () => {
    const lease = await relayedLease({ keep, machine: hashSink });
    const { relay } = gatewayOf(lease);
    const tunnel = await lease.open();
    const most = { circuits: 0, lanes: 0 };
    tunnel.on('drain', () => {
      most.circuits = Math.max(most.circuits, relay.circuits());
      most.lanes = Math.max(most.lanes, relay.lanes());
    });
    blocks(256).pipe(tunnel);
    expect(await text(tunnel)).toBe(hashOfBlocks(256));
    expect(most).toEqual({ circuits: 2, lanes: 1 });
    const { asSource } = relay.traffic().get(lease.client.peerId) ?? expect.fail('Nothing was counted');
    expect(asSource.in).toBeGreaterThan(16 * MEBIBYTE);
    await until(() => relay.circuits() === 1);
    expect(relay.lanes()).toBe(0);
    await until(() => lease.server.counts().size === 0);
  });

  test('is cut when the gateway may no longer relay for the provider', async () => {
    let allowed = true;
    const gateway = keep(await gatewayHost({ acl: { mayReserve: () => allowed, mayRelay: () => true } }));
    const lease = await relayedLease({ keep, machine: echo, gateways: [gateway] });
    const tunnel = await moved(lease);
    const lost = once(tunnel, 'error');
    allowed = false;
    expect(await gateway.relay.recheck()).toEqual([lease.provider.peerId]);
    expect(await lost).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => gateway.relay.circuits() === 0);
    expect(gateway.relay.cuts()['not-allowed']).toBe(2);
  });

  test('is cut within the limits that a circuit has', async () => {
    const lease = await relayedLease({ keep, machine: echo });
    const tunnel = await moved(lease);
    const { relay } = gatewayOf(lease);
    const lost = once(tunnel, 'error');
    relay.setLimits({ circuitBytes: 1 });
    tunnel.write(block);
    expect(await lost).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    expect(relay.cuts().bytes).toBeGreaterThan(0);
    await until(() => lease.server.counts().size === 0);
  });

  test('ends with its lease', async () => {
    const lease = await relayedLease({ keep, machine: echo });
    const tunnel = await moved(lease);
    const lost = once(tunnel, 'error');
    expect(lease.server.closeLease(7n)).toBe(1);
    expect(await lost).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => gatewayOf(lease).relay.circuits() === 1);
  });

  test('stays on its circuit where there is no place for a lane', async () => {
    const gateway = keep(
      await gatewayHost({ acl: { mayReserve: () => true, mayRelay: () => true }, limits: { circuits: 1 } }),
    );
    const lease = await relayedLease({ keep, machine: hashSink, gateways: [gateway] });
    const tunnel = await lease.open();
    blocks(96).pipe(tunnel);
    expect(await text(tunnel)).toBe(hashOfBlocks(96));
    // Where this lasts for longer than a second, it is asked again.
    expect(gateway.relay.refusals()['too-many-circuits']).toBeGreaterThan(0);
    expect(gateway.relay.traffic().get(lease.client.peerId)?.asSource.in).toBeGreaterThan(6 * MEBIBYTE);
  });
});

describe('a lane through a gateway', () => {
  test('is not given to who may not be relayed, to nobody, or for a lane that is not there', async () => {
    let allowed = true;
    const gateway = keep(await gatewayHost({ acl: { mayReserve: () => true, mayRelay: () => allowed } }));
    const lease = await relayedLease({ keep, machine: echo, gateways: [gateway] });
    (await lease.open()).end().resume();
    const request = (to: string) => encodeLaneRequest({ to, lane: '00'.repeat(16) });
    const refused = { code: 'RELAY_LIMIT' };
    const { client, provider } = lease;
    await expect(ask(client, gateway.peerId, request(provider.peerId))).rejects.toMatchObject(refused);
    await expect(ask(client, gateway.peerId, request(client.peerId))).rejects.toMatchObject(refused);
    allowed = false;
    await expect(ask(client, gateway.peerId, request(provider.peerId))).rejects.toMatchObject(refused);
    expect(gateway.relay.refusals()).toMatchObject({
      'destination-gone': 1,
      'no-reservation': 1,
      'not-allowed': 1,
    });
    await until(() => gateway.relay.circuits() <= 1);
  });

  test('is not come to when anybody but a gateway of the provider’s calls', async () => {
    const provider = keep(await peerHost());
    const stranger = keep(await gatewayHost());
    const offered = provider.lanes?.offer(() => expect.fail('A lane was opened'));
    if (!offered) return expect.fail('There are no lanes');
    await provider.libp2p.dial(stranger.libp2p.getMultiaddrs());
    await until(() => stranger.libp2p.getConnections().length > 0);
    const [connection] = stranger.libp2p.getConnections();
    if (!connection) return expect.fail('There is no connection');
    const signal = AbortSignal.timeout(10_000);
    const lane = Buffer.from(offered.offer.ticket.subarray(0, 16)).toString('hex');
    const request = encodeLaneCall({ lane, ticket: newTicket() });
    const stream = await newStream(connection, LANE_PROTOCOL, signal);
    await expect(askOn(stream, { request, maxMessage: 1024, signal })).rejects.toMatchObject({
      code: 'NO_ROUTE',
    });
  });
});
