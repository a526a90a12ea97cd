import { createHash, randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openTunnel } from '../src/index.ts';
import { account, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { fakeMachine, hashSink } from './support/machines.ts';
import { listeningHost, peerHost, serveLease7 } from './support/network.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

async function direct(machine: Parameters<typeof fakeMachine>[0]) {
  const renter = await account('//Alice');
  const provider = keep(await listeningHost());
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(machine));
  await serveLease7(provider, { renter: renter.address, port });
  const connection = await client.libp2p.dial(provider.libp2p.getMultiaddrs());
  return { connection, grant: await grantFor(client.peerId, renter) };
}

describe('a direct tunnel', () => {
  test('carries an upload whole, and its end, and the answer', async () => {
    const { connection, grant } = await direct(hashSink);
    const data = randomBytes(8 * MEBIBYTE);
    const tunnel = await openTunnel(connection, { grant, lease: 7n, port: 22 });
    tunnel.end(data);
    expect(await text(tunnel)).toBe(createHash('sha256').update(data).digest('hex'));
  });

  test('delivers what a machine says before it hangs up at once', async () => {
    const { connection, grant } = await direct((socket) => socket.end('12:00'));
    const tunnel = await openTunnel(connection, { grant, lease: 7n, port: 22 });
    expect(await text(tunnel)).toBe('12:00');
  });
});
