import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { multiaddrConnectionPair } from '@libp2p/utils';
import { createLibp2p } from 'libp2p';
import { describe, expect, test } from 'vitest';
import { createHost, createIdentity } from '../src/index.ts';
import { dialDoor } from '../src/lane/dial-lane.ts';
import { laneDoor, type LaneDoor } from '../src/lane/door.ts';
import { insidesOf } from '../src/lane/first-bytes.ts';
import type { LaneOffer } from '../src/lane/offer.ts';
import { secureAsClient } from '../src/lane/secure.ts';
import { LANE_MAGIC } from '../src/lane/ticket.ts';
import { cleanup } from './support/cleanup.ts';
import { listeningHost, peerHost } from './support/network.ts';

const keep = cleanup();
const soon = () => AbortSignal.timeout(20_000);

function doorHost(door: LaneDoor) {
  return createLibp2p({
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [door.transport],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
}

/** A host that offers one lane, and what came of it. */
async function offering() {
  const host = keep(await listeningHost());
  const lanes: TLSSocket[] = [];
  const offered = host.lanes?.offer((lane) => lanes.push(lane));
  if (!offered) return expect.fail('There are no lanes');
  const port = Number(host.libp2p.getMultiaddrs()[0]?.getComponents()[1]?.value);
  const at = { host: '127.0.0.1', port };
  const come = async (offer: LaneOffer) => {
    const socket = await dialDoor(at, offer.ticket, soon());
    keep({ close: () => socket.destroy() });
    return secureAsClient(socket, offer, soon());
  };
  return { host, at, offered, offer: offered.offer, lanes, come };
}

function changed(bytes: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

/** Says something to a port and waits until the other side hangs up. */
async function hungUp({ port }: { port: number }, ...words: Uint8Array[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  for (const word of words) socket.write(word);
  socket.resume();
  await new Promise((resolve) => socket.on('close', resolve));
}

describe('a lane', () => {
  test('is open to who has the ticket and the key, once', async () => {
    const { offer, lanes, come } = await offering();
    const lane = await come(offer);
    await expect.poll(() => lanes.length).toBe(1);
    expect(lane.getCipher()).toMatchObject({ name: 'TLS_AES_128_GCM_SHA256', version: 'TLSv1.3' });
    await expect(come(offer)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(lanes).toHaveLength(1);
  });

  test.each([
    ['another key', ({ ticket }: LaneOffer) => ({ ticket, key: randomBytes(32) })],
    ['a ticket of another name', ({ ticket, key }: LaneOffer) => ({ ticket: changed(ticket, 0), key })],
    ['a ticket of another secret', ({ ticket, key }: LaneOffer) => ({ ticket: changed(ticket, 31), key })],
  ])('is closed to who has %s, and then still open to the right one', async (_, forge) => {
    const { offer, lanes, come } = await offering();
    await expect(come(forge(offer))).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(lanes).toEqual([]);
    await come(offer);
    await expect.poll(() => lanes.length).toBe(1);
  });

  test('is closed to who has the ticket and knows no key, whatever TLS they speak', async () => {
    const { at, offer, lanes } = await offering();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const socket = await dialDoor(at, offer.ticket, soon());
      const tls = connectTls({ socket, rejectUnauthorized: false, minVersion: version, maxVersion: version });
      await expect(once(tls, 'secureConnect')).rejects.toThrow();
    }
    expect(lanes).toEqual([]);
  });

  test('outlives the time that its opening may take', async () => {
    const { at, offer, lanes } = await offering();
    const opening = new AbortController();
    const lane = await secureAsClient(
      await dialDoor(at, offer.ticket, opening.signal),
      offer,
      opening.signal,
    );
    keep({ close: () => lane.destroy() });
    await expect.poll(() => lanes.length).toBe(1);
    opening.abort();
    lane.write('hello');
    expect(String((await once(lanes[0] as TLSSocket, 'data'))[0])).toBe('hello');
  });

  test('is closed when the tunnel is over', async () => {
    const { offered, lanes, come } = await offering();
    offered.close();
    await expect(come(offered.offer)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    expect(lanes).toEqual([]);
  });
});

describe('the port of a host', () => {
  test('hangs up on what begins like a lane and is none', async () => {
    const { at, offer } = await offering();
    await hungUp(at, LANE_MAGIC, randomBytes(32));
    await hungUp(at, LANE_MAGIC, changed(offer.ticket, 20));
  });

  test.each([
    ['libp2p', Buffer.from('\x13/multistream/1.0.0\n'), 'multistream'],
    ['nobody’s', Buffer.from('\0hamster-lane-2\n'), ''],
  ])('takes what comes byte by byte for what it is: %s', async (_, words, answer) => {
    const { at } = await offering();
    const socket = connect({ ...at, noDelay: true });
    keep({ close: () => socket.destroy() });
    for (const byte of words) await new Promise((resolve) => socket.write(Uint8Array.of(byte), resolve));
    const said = await once(socket, 'data').then(String, () => '');
    expect(said).toContain(answer);
  });

  test('lets libp2p in while others say nothing, and waits for those so long and for so many only', async () => {
    const door = laneDoor({ limits: { waiting: 2, waitMs: 500 } });
    const host = keep(await doorHost(door));
    const port = Number(host.getMultiaddrs()[0]?.getComponents()[1]?.value);
    const silent = Array.from({ length: 2 }, () => hungUp({ port }));
    const client = keep(await peerHost());
    await expect(client.libp2p.dial(host.getMultiaddrs())).resolves.toMatchObject({ status: 'open' });
    await Promise.all(silent);
  });
});

test('a private network has no lanes', async () => {
  const swarmKey = new TextEncoder().encode(`/key/swarm/psk/1.0.0/\n/base16/\n${'ab'.repeat(32)}`);
  const host = keep(await createHost({ identity: await createIdentity(), swarmKey }));
  expect(host.lanes).toBeUndefined();
});

test('an upgrade of the library that hides its sockets is noticed', () => {
  const [near] = multiaddrConnectionPair();
  expect(() => insidesOf(near)).toThrow(expect.objectContaining({ code: 'LIBRARY_CHANGED' }));
});
