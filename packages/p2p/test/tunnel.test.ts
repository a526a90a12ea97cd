import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { openTunnel, type Host } from '../src/index.ts';
import { account, grantFor } from './support/accounts.ts';
import { fakeMachine, hashSink, type FakeMachine } from './support/machines.ts';
import { connectHosts, listeningHost, peerHost, serveLease7 } from './support/network.ts';

const MEBIBYTE = 1 << 20;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function keep<T extends Host | FakeMachine>(thing: T): T {
  cleanups.push(() => ('stop' in thing ? thing.stop() : thing.close()));
  return thing;
}

async function setUp(machine: Parameters<typeof fakeMachine>[0]) {
  const renter = await account('//Alice');
  const provider = keep(await listeningHost());
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(machine));
  const server = await serveLease7(provider, renter.address, port);
  const connection = await connectHosts(client, provider);
  const grant = await grantFor(client.peerId, renter);
  return { renter, provider, client, server, connection, grant };
}

describe('a direct tunnel', () => {
  test('carries an upload whole, and its end, and the answer', async () => {
    const { connection, grant } = await setUp(hashSink);
    const data = randomBytes(8 * MEBIBYTE);
    const tunnel = await openTunnel(connection, { grant, lease: 7n, port: 22 });
    tunnel.end(data);
    expect(await text(tunnel)).toBe(createHash('sha256').update(data).digest('hex'));
  });

  test('delivers what a machine says before it hangs up at once', async () => {
    const { connection, grant } = await setUp((socket) => socket.end('12:00'));
    const tunnel = await openTunnel(connection, { grant, lease: 7n, port: 22 });
    expect(await text(tunnel)).toBe('12:00');
  });
});
