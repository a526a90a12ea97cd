import type { Stream } from '@libp2p/interface';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { type GatewayHost, type Host, type RelayLimits } from '../src/index.ts';
import { STOP_PROTOCOL } from '../src/relay/messages.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, hashSink } from './support/machines.ts';
import { gatewayHost, peerHost, steady, until } from './support/network.ts';
import { connectThrough, takeAndPause } from './support/raw-circuit.ts';
import { anotherClient, flood, relayedLease } from './support/relayed.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

function gatewayWith(limits: Partial<RelayLimits>): Promise<GatewayHost> {
  return gatewayHost({ acl: { mayReserve: () => true, mayRelay: () => true }, limits }).then(keep);
}

/** A client's end of a circuit to a host that takes it and then reads nothing. */
async function rawSender(gateway: GatewayHost, stopped: Host): Promise<Stream> {
  const sender = keep(await peerHost());
  await sender.libp2p.dial(gateway.libp2p.getMultiaddrs());
  if (!stopped.circuits.holds(gateway.peerId)) {
    await stopped.libp2p.dial(gateway.libp2p.getMultiaddrs());
    await stopped.circuits.reserve(gateway.peerId);
    await stopped.libp2p.handle(STOP_PROTOCOL, takeAndPause, { force: true });
  }
  const [connection] = sender.libp2p.getConnections(gateway.libp2p.peerId);
  return connectThrough(connection, stopped.libp2p.peerId);
}

describe('a busy gateway', () => {
  test('without a rate, answers one client while another one fills its line', async () => {
    const lease = await relayedLease({ keep, machine: hashSink });
    const modest = await anotherClient(lease, keep);
    (await modest.open()).on('error', () => undefined).end();
    const greedy = await lease.open();
    let finished = false;
    const uploading = text(greedy).then(() => (finished = true));
    greedy.end(Buffer.alloc(48 * MEBIBYTE));
    const tunnel = await modest.open();
    tunnel.end('still there?');
    expect(await text(tunnel)).toMatch(/^[0-9a-f]{64}$/);
    expect(finished).toBe(false);
    await uploading;
  });

  test('holds a window at most for a reader that has stopped', async () => {
    const gateway = await gatewayWith({});
    const sender = await rawSender(gateway, keep(await peerHost()));
    sender.send(new Uint8Array(32 * MEBIBYTE));
    await steady(() => gateway.relay.bufferedBytes());
    expect(gateway.relay.bufferedBytes()).toBeGreaterThan(0);
    expect(gateway.relay.bufferedBytes()).toBeLessThan(4 * MEBIBYTE);
    expect(sender.writeBufferLength).toBeGreaterThan(24 * MEBIBYTE);
  });

  test('cuts readers that have stopped when their bytes fill its memory; others go on', async () => {
    const gateway = await gatewayWith({ bufferedBytes: MEBIBYTE });
    const { open } = await relayedLease({ keep, machine: echo, gateways: [gateway] });
    const tunnel = await open();
    const stopped = keep(await peerHost());
    const senders: Stream[] = [];
    while (senders.length < 6) senders.push(await rawSender(gateway, stopped));
    for (const sender of senders) sender.send(new Uint8Array(4 * MEBIBYTE));
    await until(() => gateway.relay.cuts().memory > 0 && gateway.relay.bufferedBytes() <= MEBIBYTE);
    tunnel.end('still there?');
    expect(await text(tunnel)).toBe('still there?');
  });

  test('bounds the connections of one peer, and gives a place back', async () => {
    const gateway = await gatewayWith({ connectionsPerPeer: 2 });
    const peer = keep(await peerHost());
    const dial = () => peer.libp2p.dial(gateway.libp2p.getMultiaddrs(), { force: true });
    const [first] = [await dial(), await dial()];
    // The dialler may hear only afterwards that it was not let in.
    await dial().catch(() => undefined);
    await until(() => gateway.refusedConnections() === 1);
    await first.close();
    await until(() => gateway.libp2p.getConnections().length < 2);
    expect((await dial()).status).toBe('open');
  });

  test('cuts a client that has used up its day, and takes no more of it; another one goes on', async () => {
    const gateway = await gatewayWith({ sourceBytesPerDay: MEBIBYTE });
    const lease = await relayedLease({ keep, machine: hashSink, gateways: [gateway] });
    const tunnel = await lease.open();
    flood(tunnel);
    await once(tunnel, 'error');
    await expect(lease.open()).rejects.toThrow('RESOURCE_LIMIT_EXCEEDED');
    expect(gateway.relay.cuts()['bytes-of-the-day']).toBe(1);
    expect(gateway.relay.refusals()['bytes-of-the-day']).toBeGreaterThan(0);
    const other = await (await anotherClient(lease, keep)).open();
    other.end('a little');
    expect(await text(other)).toMatch(/^[0-9a-f]{64}$/);
  });
});
