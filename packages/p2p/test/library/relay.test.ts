import { generateKeyPair } from '@libp2p/crypto/keys';
import type { Libp2p, PeerId, Stream } from '@libp2p/interface';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { STOP_PROTOCOL } from '../../src/relay/messages.ts';
import { startRelay } from '../../src/relay/relay.ts';
import { cleanup } from '../support/cleanup.ts';
import { freePort, portOf } from '../support/machines.ts';
import { gatewayHost, listeningHost, peerHost, steady, until } from '../support/network.ts';
import { connectThrough, takeAndPause } from '../support/raw-circuit.ts';
import { stockPeer, stockRelay } from '../support/stock.ts';

/*
 * Bugs of libp2p's relay, its client and its dialler that our code works around. When one of these fails after an
 * upgrade, the bug is gone, and the work-around named with it may go, too.
 */
const keep = cleanup();
afterEach(() => {
  vi.restoreAllMocks();
});

interface ServerStore {
  reserve(peer: PeerId, address: Multiaddr): unknown;
}

function reservationStoreOf(relay: object): ServerStore {
  return (relay as { reservationStore: ServerStore }).reservationStore;
}

describe('libp2p’s relay server (relay/ is our own)', () => {
  test('forgets a reservation that was refreshed twice', async () => {
    const { services, peerId } = keep(await stockRelay());
    const store = reservationStoreOf(services.relay);
    const timers: AbortController[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const timer = new AbortController();
      timers.push(timer);
      return timer.signal;
    });
    const address = multiaddr('/ip4/127.0.0.1/tcp/1');
    for (let times = 0; times < 3; times++) store.reserve(peerId, address);
    // The first refresh's time is over; the second one's is not.
    timers[1]?.abort();
    expect(services.relay.reservations.has(peerId)).toBe(false);
  });

  test('keeps the reservation of a peer that has left', async () => {
    const relay = keep(await stockRelay());
    const peer = await stockPeer();
    await peer.libp2p.dial(relay.getMultiaddrs());
    await peer.reservations.addRelay(relay.peerId, 'configured');
    const left = new Promise((resolve) => relay.addEventListener('peer:disconnect', resolve, { once: true }));
    await peer.stop();
    await left;
    expect(relay.services.relay.reservations.has(peer.libp2p.peerId)).toBe(true);
  });

  test('takes in all that a fast sender has, however slow the receiver is', async () => {
    const amount = 32 << 20;

    /** A sender with so much to send, through a relay to a receiver that reads nothing. */
    async function senderThrough(relay: Libp2p): Promise<Stream> {
      const receiver = keep(await stockPeer());
      const sender = keep(await stockPeer());
      for (const { libp2p } of [receiver, sender]) await libp2p.dial(relay.getMultiaddrs());
      await receiver.reservations.addRelay(relay.peerId, 'configured');
      await receiver.libp2p.handle(STOP_PROTOCOL, takeAndPause, { force: true });
      const [connection] = sender.libp2p.getConnections(relay.peerId);
      const stream = await connectThrough(connection, receiver.libp2p.peerId);
      stream.send(new Uint8Array(amount));
      return stream;
    }

    const stock = await senderThrough(keep(await stockRelay()));
    await until(() => stock.writeBufferLength === 0);

    const { libp2p } = keep(await gatewayHost());
    const held = await senderThrough(libp2p);
    await steady(() => held.writeBufferLength);
    expect(held.writeBufferLength).toBeGreaterThan(amount / 2);
  });
});

describe('libp2p’s relay client (routes/circuit-client.ts)', () => {
  test('never settles the second of two reservations made at once, but for a setting', async () => {
    async function reserveTwo(reservationConcurrency: number): Promise<string[]> {
      const relays = [keep(await stockRelay()), keep(await stockRelay())];
      const peer = keep(await stockPeer({ reservationConcurrency }));
      for (const relay of relays) await peer.libp2p.dial(relay.getMultiaddrs());
      const outcomes: string[] = [];
      for (const relay of relays) {
        void peer.reservations.addRelay(relay.peerId, 'configured').then(
          () => outcomes.push('reserved'),
          () => outcomes.push('failed'),
        );
      }
      await until(() => outcomes.length > 0);
      const patience = reservationConcurrency === 1 ? 1500 : undefined;
      await until(() => outcomes.length === 2, patience).catch(() => undefined);
      return outcomes;
    }
    expect(await reserveTwo(1)).not.toEqual(['reserved', 'reserved']);
    expect(await reserveTwo(8)).toEqual(['reserved', 'reserved']);
  });

  test('never again asks a relay that once said no (reserve() forgets that)', async () => {
    const anyone = { acl: { mayReserve: () => true, mayRelay: () => true } };
    const notYet = keep(await listeningHost());
    const stock = keep(await stockPeer());
    const ours = keep(await listeningHost());
    for (const { libp2p } of [stock, ours]) await libp2p.dial(notYet.libp2p.getMultiaddrs());
    await expect(stock.reservations.addRelay(notYet.libp2p.peerId, 'configured')).rejects.toThrow();
    await expect(ours.circuits.reserve(notYet.peerId)).rejects.toMatchObject({ code: 'RESERVATION_REFUSED' });

    keep(await startRelay(notYet.libp2p, anyone));
    const again = stock.reservations.addRelay(notYet.libp2p.peerId, 'configured');
    await expect(again).rejects.toThrow('previously invalid');
    await ours.circuits.reserve(notYet.peerId);
  });

  test('makes a reservation with any peer that asks for it (the stop handler refuses strangers)', async () => {
    const relay = keep(await stockRelay());
    const stock = keep(await stockPeer());
    const ours = keep(await listeningHost());
    const ask = async ({ libp2p }: { libp2p: Libp2p }): Promise<Stream> => {
      const connection = await relay.dial(libp2p.getMultiaddrs());
      return connection.newStream(STOP_PROTOCOL);
    };
    await ask(stock);
    await until(() => stock.reservations.hasReservation(relay.peerId));
    const stream = await ask(ours);
    await until(() => stream.status === 'reset');
    expect(ours.circuits.holds(relay.peerId.toString())).toBe(false);
  });

  test('does not renew a reservation when a lost relay is back (keepReservations does)', async () => {
    const key = await generateKeyPair('Ed25519');
    const relay = await stockRelay(key);
    const peer = keep(await stockPeer());
    const listen = relay.getMultiaddrs().map((address) => address.toString().replace(/\/p2p\/.*/, ''));
    await peer.libp2p.dial(relay.getMultiaddrs());
    await peer.reservations.addRelay(relay.peerId, 'configured');
    await relay.stop();
    await until(() => !peer.reservations.hasReservation(relay.peerId));
    const returned = keep(await stockRelay(key, listen));
    const identified = new Promise((resolve) =>
      peer.libp2p.addEventListener('peer:identify', resolve, { once: true }),
    );
    await peer.libp2p.dial(returned.getMultiaddrs());
    await identified;
    expect(peer.reservations.hasReservation(relay.peerId)).toBe(false);
  });
});

describe('libp2p’s dialler and registrar', () => {
  test('make a dial wait for another one to the same peer (circuits.connect goes round the queue)', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    keep(silent);
    const good = keep(await stockPeer());
    const peer = keep(await stockPeer());
    const mute = multiaddr(`/ip4/127.0.0.1/tcp/${portOf(silent)}/p2p/${good.libp2p.peerId}`);
    const controller = new AbortController();
    const first = peer.libp2p.dial(mute, { signal: controller.signal }).catch(() => undefined);
    const second = peer.libp2p.dial(good.libp2p.getMultiaddrs(), { signal: AbortSignal.timeout(500) });
    await expect(second).rejects.toThrow();
    controller.abort();
    await first;
  });

  test('forget the local port that a dial shall come from (dialler.dial keeps it)', async () => {
    const far = keep(await peerHost(['/ip4/127.0.0.1/tcp/0']));
    const near = keep(await peerHost());
    const localPort = await freePort();
    const options = { localPort, signal: new AbortController().signal };
    const [address] = far.libp2p.getMultiaddrs();
    if (!address) return expect.fail('The far host listens nowhere');
    const seen = (): string[] => far.libp2p.getConnections().map(({ remoteAddr }) => remoteAddr.toString());
    const stock = await near.libp2p.dial(address, options);
    await until(() => seen().length === 1);
    expect(seen().join()).not.toContain(`/tcp/${localPort}`);
    await stock.close();
    await until(() => seen().length === 0);
    await near.dialler.dial(address, options);
    await until(() => seen().length === 1);
    expect(seen().join()).toContain(`/tcp/${localPort}`);
  });

  test('cut a finished connection when the signal of its dial aborts (race and punch keep theirs)', async () => {
    const far = keep(await listeningHost());
    const near = keep(await peerHost());
    const [address] = far.libp2p.getMultiaddrs();
    if (!address) return expect.fail('The far host listens nowhere');
    const controller = new AbortController();
    const connection = await near.dialler.dial(address, { signal: controller.signal });
    expect(connection.status).toBe('open');
    controller.abort();
    await until(() => connection.status !== 'open');
  });

  test('run a handler twice for the second stream of a protocol with middleware (we use none)', async () => {
    const near = keep(await stockPeer());
    const far = keep(await stockPeer());
    let handled = 0;
    far.libp2p.use('/test/1', (stream, connection, next) => next(stream, connection));
    await far.libp2p.handle('/test/1', () => void (handled += 1));
    const connection = await near.libp2p.dial(far.libp2p.getMultiaddrs());
    await connection.newStream('/test/1');
    await until(() => handled === 1);
    await connection.newStream('/test/1');
    await until(() => handled === 3);
  });
});
