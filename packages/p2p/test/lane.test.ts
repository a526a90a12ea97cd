import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable, Writable, type Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { multiaddr } from '@multiformats/multiaddr';
import { describe, expect, test, vi } from 'vitest';
import { bridgeStdio, openTunnel, TUNNEL_PROTOCOL } from '../src/index.ts';
import { LANE_MAGIC } from '../src/lane/ticket.ts';
import { requestTunnel } from '../src/tunnel/open-tunnel.ts';
import { TunnelDuplex } from '../src/tunnel/tunnel-duplex.ts';
import { account, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { laneProxy, type LaneProxyOptions } from './support/lane-proxy.ts';
import { echo, fakeMachine, hashSink } from './support/machines.ts';
import { listeningHost, peerHost, serveLease7, until } from './support/network.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

const hashOf = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** In pieces, as it comes from a socket. */
function* pieces(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += 65_536) yield data.subarray(at, at + 65_536);
}

function upload(data: Buffer, tunnel: Duplex): void {
  Readable.from(pieces(data)).pipe(tunnel);
}

/** Alice's client reaches her provider directly, but for a proxy that sees what is said in which connection. */
async function direct(machine: Parameters<typeof fakeMachine>[0], options: LaneProxyOptions = {}) {
  const renter = await account('//Alice');
  const provider = keep(await listeningHost());
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(machine));
  const server = await serveLease7(provider, { renter: renter.address, port });
  const [address] = provider.libp2p.getMultiaddrs();
  const own = Number(address?.getComponents().find(({ name }) => name === 'tcp')?.value);
  const proxy = keep(await laneProxy(own, options));
  const connection = await client.libp2p.dial(multiaddr(`/ip4/127.0.0.1/tcp/${proxy.port}`));
  const grant = await grantFor(client.peerId, renter);
  const request = { grant, lease: 7n, port: 22 };
  const open = () => openTunnel(connection, request);
  return { server, proxy, open, connection, client, request };
}

/** Moves a tunnel to an echo over to its lane, by sending until the answers come there. */
async function moved({ open, proxy }: Awaited<ReturnType<typeof direct>>): Promise<Duplex> {
  const tunnel = await open();
  const block = randomBytes(65_536);
  tunnel.resume();
  while ((proxy.lanes[0]?.bytes.out ?? 0) < MEBIBYTE) {
    if (!tunnel.write(block)) await once(tunnel, 'drain');
    await new Promise(setImmediate);
  }
  return tunnel;
}

test('a tunnel over WebSockets stays on its stream, however much goes through it', async () => {
  const renter = await account('//Alice');
  const provider = keep(await peerHost(['/ip4/127.0.0.1/tcp/0/ws']));
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(hashSink));
  await serveLease7(provider, { renter: renter.address, port });
  const connection = await client.libp2p.dial(provider.libp2p.getMultiaddrs());
  const stream = await connection.newStream(TUNNEL_PROTOCOL);
  const request = { grant: await grantFor(client.peerId, renter), lease: 7n, port: 22 };
  const opened = vi.spyOn(TunnelDuplex.prototype, 'goOn');
  const tunnel = await requestTunnel(
    { stream, connection, host: client },
    request,
    AbortSignal.timeout(20_000),
  );
  const data = randomBytes(4 * MEBIBYTE);
  upload(data, tunnel);
  expect(await text(tunnel)).toBe(hashOf(data));
  expect(opened).not.toHaveBeenCalled();
  opened.mockRestore();
});

describe('a tunnel through which much goes', () => {
  test('goes on by a lane, up, its end, and the answer', async () => {
    const { open, proxy, server } = await direct(hashSink);
    const data = randomBytes(8 * MEBIBYTE);
    const tunnel = await open();
    upload(data, tunnel);
    expect(await text(tunnel)).toBe(hashOf(data));
    expect(proxy.lanes).toHaveLength(1);
    expect(proxy.lanes[0]?.bytes.in).toBeGreaterThan(4 * MEBIBYTE);
    await until(() => server.counts().size === 0);
  });

  test('does so down, too, after our own end', async () => {
    const data = randomBytes(8 * MEBIBYTE);
    const { open, proxy } = await direct((socket) => socket.resume().on('end', () => socket.end(data)));
    const tunnel = await open();
    tunnel.end();
    const hash = createHash('sha256');
    for await (const chunk of tunnel) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(hashOf(data));
    expect(proxy.lanes[0]?.bytes.out).toBeGreaterThan(4 * MEBIBYTE);
  });

  test('is cut with its lane when the lease ends', async () => {
    const setting = await direct(echo);
    const tunnel = await moved(setting);
    const cut = once(tunnel, 'error');
    expect(setting.server.closeLease(7n)).toBe(1);
    expect(await cut).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => setting.server.counts().size === 0);
  });

  test('is lost with a lane that is cut, at both ends, and never ends as if it were whole', async () => {
    const setting = await direct(echo);
    const tunnel = await moved(setting);
    let ended = false;
    tunnel.on('end', () => (ended = true));
    const lost = once(tunnel, 'error');
    setting.proxy.lanes[0]?.cut();
    expect(await lost).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    expect(ended).toBe(false);
    await until(() => setting.server.counts().size === 0);
  });

  test.each([
    ['the greeting', 1],
    ['the first words of the handshake', 49],
  ])('stays where it is when its lane breaks after %s', async (_, most) => {
    const { open, proxy } = await direct(hashSink, { onBytes: ({ bytes }) => bytes.in < most });
    const data = randomBytes(6 * MEBIBYTE);
    const tunnel = await open();
    upload(data, tunnel);
    expect(await text(tunnel)).toBe(hashOf(data));
    // Where this lasts for longer than a second, it is tried again.
    expect(proxy.lanes.length).toBeGreaterThan(0);
    for (const { bytes } of proxy.lanes) expect(bytes.in).toBeLessThan(2_000);
  });

  test('tries a lane again when one could not be opened, and loses nothing by that', async () => {
    const setting = await direct(hashSink, {
      onBytes: (lane) => lane !== setting.proxy.lanes[0] || lane.bytes.in <= LANE_MAGIC.length,
    });
    const { open, proxy } = setting;
    const tunnel = await open();
    const hash = createHash('sha256');
    const answer = text(tunnel);
    while ((proxy.lanes[1]?.bytes.in ?? 0) < MEBIBYTE) {
      const block = randomBytes(16_384);
      hash.update(block);
      if (!tunnel.write(block)) await once(tunnel, 'drain');
      await new Promise(setImmediate);
    }
    tunnel.end();
    expect(await answer).toBe(hash.digest('hex'));
    expect(proxy.lanes).toHaveLength(2);
  });

  test('stays where it is when both ends met half-way, where nobody listens', async () => {
    const { proxy, connection, client, request } = await direct(hashSink);
    const stream = await connection.newStream(TUNNEL_PROTOCOL);
    const dialler = { ...client.dialler, isMeeting: (asked: unknown) => asked === connection };
    const host = { libp2p: client.libp2p, dialler };
    const tunnel = await requestTunnel({ stream, connection, host }, request, AbortSignal.timeout(20_000));
    const data = randomBytes(3 * MEBIBYTE);
    upload(data, tunnel);
    expect(await text(tunnel)).toBe(hashOf(data));
    expect(proxy.lanes).toEqual([]);
  });

  test('gives back the memory of what has been written to standard output', async () => {
    const data = randomBytes(8 * MEBIBYTE);
    const { open, proxy } = await direct((socket) => socket.resume().on('end', () => socket.end(data)));
    const hash = createHash('sha256');
    const written: Buffer[] = [];
    const stdout = new Writable({
      write(bytes: Buffer, _encoding, done) {
        hash.update(bytes);
        if (bytes.length >= 8_192) written.push(bytes);
        done();
      },
    });
    await bridgeStdio(await open(), Readable.from([]), stdout);
    expect(hash.digest('hex')).toBe(hashOf(data));
    expect(proxy.lanes).toHaveLength(1);
    const givenBack = written.filter(({ length }) => length === 0).length;
    expect(givenBack).toBeGreaterThan(written.length / 3);
  });

  test('holds up a machine that speaks to nobody who listens', async () => {
    let sent = 0;
    const block = Buffer.alloc(65_536);
    const { open, proxy } = await direct((socket) => {
      const source = Readable.from(Array.from({ length: 512 }, () => block));
      source.on('data', (bytes: Buffer) => (sent += bytes.length));
      source.pipe(socket);
    });
    const tunnel = await open();
    let received = 0;
    const moving = Promise.withResolvers<void>();
    const count = (bytes: Buffer): void => {
      received += bytes.length;
      if ((proxy.lanes[0]?.bytes.out ?? 0) < MEBIBYTE) return;
      tunnel.off('data', count).pause();
      moving.resolve();
    };
    tunnel.on('data', count);
    await moving.promise;
    const before = { sent: -1, turns: 0 };
    await until(() => {
      before.turns = sent === before.sent ? before.turns + 1 : 0;
      before.sent = sent;
      return before.turns > 20;
    });
    expect(sent).toBeLessThan(24 * MEBIBYTE);
    for await (const bytes of tunnel) received += (bytes as Buffer).length;
    expect(received).toBe(32 * MEBIBYTE);
    tunnel.end();
    await once(tunnel, 'close');
  });
});
