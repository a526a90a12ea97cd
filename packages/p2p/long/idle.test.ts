import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createInternet } from './support/internet.ts';
import { startPeer, type Peer } from './support/peer.ts';

const GATEWAY = '/ip4/9.9.0.1/tcp/4001';
/** Twice as long as a router remembers, and longer than a connection without a sign of life is kept. */
const IDLE_MS = 50_000;
/** The library makes it anew half a minute after, and no sooner. */
const RESERVATION_MS = 35_000;
const GRANT_MS = 15_000;
const NAT_S = 20;

/*
 * What ends or is made anew by time on the way of a tunnel, in a day or in minutes: both routers' memory of a connection, the
 * library's and the lane's keep-alives, the watch for silent connections, the reservation with the gateway, the grant.
 * All of them come round in this time, most of them several times.
 */
test('a tunnel on which nobody says anything outlives whatever ends by time on its way', async () => {
  const internet = await createInternet();
  onTestFinished(() => internet.stop());
  const started = (peer: Peer): Peer => {
    onTestFinished(() => peer.kill());
    return peer;
  };
  const nat = { mapping: 'random', forgetsAfter: NAT_S } as const;
  const gateway = started(startPeer(await internet.publicHost('9.9.0.1')));
  const gateways = [await gateway.ask('gateway', { listen: GATEWAY, reservationMs: RESERVATION_MS })];
  const provider = started(startPeer(await internet.hostBehindNat('9.9.1.1', nat)));
  const { peerId } = await provider.ask('provider', { gateways, listen: [], announce: [] });
  const client = started(startPeer(await internet.hostBehindNat('9.9.2.1', nat)));
  await client.ask('client', { gateways, provider: peerId, grantMs: GRANT_MS });
  await client.ask('hold', {});
  const { circuits } = await gateway.ask('relayed', {});
  const { relayed } = await client.ask('ways', {});
  expect(circuits).toBeGreaterThan(0);
  await wait(IDLE_MS);
  expect(await gateway.ask('relayed', {})).toMatchObject({ circuits });
  expect(await client.ask('ways', {})).toEqual({ direct: 0, relayed });
  await expect(client.ask('transfer', { bytes: 1 })).rejects.toThrow('access grant ended');
  expect(await client.ask('finish', { bytes: 1 << 20 })).toEqual({ whole: true });
}, 150_000);
