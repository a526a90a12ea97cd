import { connect, type Socket } from 'node:net';
import { Ends } from '@hamster/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOP_PROTOCOL } from '../src/relay/messages.ts';
import { encodeFields } from '../src/relay/protobuf.ts';
import { addressesOf } from '../src/routes/gateway-address.ts';
import { flood, floodedNetwork, framedBytes, type Flooded } from './support/flooded.ts';

const OPENS = 10_000;
const SILENT = 750;

describe('a gateway that one peer floods', () => {
  const ends = new Ends();
  let flooded: Flooded;

  beforeAll(async () => {
    flooded = await floodedNetwork(ends);
  }, 300_000);
  afterAll(() => ends.all(), 120_000);

  test('with ten thousand requests for reservations and relayed connections', async () => {
    const { peer, gateway, suffers } = flooded;
    const attacker = await peer();
    const connection = await attacker.libp2p.dial(addressesOf(gateway.peerId, gateway.multiaddrs));
    const himself = encodeFields([[1, attacker.libp2p.peerId.toMultihash().bytes]]);
    const requests = [
      encodeFields([[1, 0n]]),
      encodeFields([
        [1, 1n],
        [2, himself],
      ]),
    ];
    const wordsOf = (index: number) => framedBytes(requests[index % 2] ?? Buffer.of(index));
    await suffers('requests', 'gateway', () =>
      flood(connection, { protocol: HOP_PROTOCOL, count: OPENS, wordsOf }),
    );
  }, 120_000);

  test('with thousands of connections on which nothing is said', async () => {
    const { gatewayTcp, gatewayWebSocket } = flooded.network.options.ports;
    await flooded.suffers('silent connections', 'gateway', async () => {
      await Promise.all([gatewayTcp, gatewayWebSocket].map(silentAt));
    });
  }, 120_000);
});

async function silentAt(port: number): Promise<void> {
  const connected = await Promise.all(
    Array.from({ length: SILENT }, () => hungUp(connect(port, '127.0.0.1'))),
  );
  expect(connected.filter(Boolean).length, `connections to port ${port}`).toBeGreaterThan(0);
}

/**
 * Whether it had been connected before. One that the kernel let in and then had no room for is told so when it asks, and would wait
 * for ever otherwise.
 */
async function hungUp(socket: Socket): Promise<boolean> {
  let isConnected = false;
  socket.once('connect', () => (isConnected = true));
  socket
    .setKeepAlive(true, 1_000)
    .on('error', () => undefined)
    .resume();
  await new Promise((resolve) => socket.once('close', resolve));
  return isConnected;
}
