import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { forwardPort, tunnelClient } from '../src/index.ts';
import { account, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { fakeMachine, hashSink } from './support/machines.ts';
import { gatewayHost, listing, peerHost, reachable, serveLease7 } from './support/network.ts';

const MEBIBYTE = 1 << 20;
const keep = cleanup();

/** Provider and client know each other only through one gateway. */
async function relayed(machine: (socket: Socket) => void) {
  const renter = await account('//Alice');
  const gateway = keep(await gatewayHost());
  const provider = keep(await peerHost());
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(machine));
  await serveLease7(provider, { renter: renter.address, port });
  keep(await reachable(provider, () => [listing(gateway)]));
  const tunnels = tunnelClient({ host: client, provider, gateways: () => [listing(gateway)] });
  const grant = await grantFor(client.peerId, renter);
  const open = () => tunnels.open({ grant, lease: 7n, port: 22 });
  return { gateway, provider, client, open };
}

/** The same pseudo-random bytes for the same seed, made as they are read. */
function* blocks(count: number): Generator<Buffer> {
  const block = randomBytes(MEBIBYTE);
  for (let index = 0; index < count; index++) yield Buffer.concat([Buffer.from(`${index}`), block]);
}

describe('a tunnel through a gateway', () => {
  test('carries 64 MiB up, then the end, then the answer', async () => {
    const { open, gateway, client } = await relayed(hashSink);
    const hash = createHash('sha256');
    const tunnel = await open();
    const answer = text(tunnel);
    for (const block of blocks(64)) {
      hash.update(block);
      if (!tunnel.write(block)) await once(tunnel, 'drain');
    }
    tunnel.end();
    expect(await answer).toBe(hash.digest('hex'));
    expect(gateway.relay.traffic().get(client.peerId)).toBeGreaterThan(64 * MEBIBYTE);
  });

  test('carries 64 MiB down and its end, after our own end', async () => {
    const hash = createHash('sha256');
    const { open } = await relayed((socket) => {
      // Only after the client's half-close, so both halves end on their own.
      socket.resume().on('end', () =>
        Readable.from(blocks(64))
          .on('data', (block: Buffer) => hash.update(block))
          .pipe(socket),
      );
    });
    const tunnel = await open();
    tunnel.end();
    const received = createHash('sha256');
    for await (const chunk of tunnel) received.update(chunk as Buffer);
    expect(received.digest('hex')).toBe(hash.digest('hex'));
  });

  test('serves 50 streams at once through a forwarded port', async () => {
    const { open } = await relayed(hashSink);
    const forward = keep(await forwardPort({ port: 0, open }));
    const data = randomBytes(MEBIBYTE);
    const expected = createHash('sha256').update(data).digest('hex');
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => {
        const socket = connect({ port: forward.port, host: '127.0.0.1', allowHalfOpen: true });
        socket.end(data);
        return text(socket);
      }),
    );
    expect(new Set(answers)).toEqual(new Set([expected]));
  });
});
