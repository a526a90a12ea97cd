import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createIdentity, pingGateway } from '../src/index.ts';
import { cleanup } from './support/cleanup.ts';
import { gatewayHost, listing, peerHost } from './support/network.ts';

describe('the way to a gateway', () => {
  const keep = cleanup();

  it('is measured by a real connection and a question on it', async () => {
    const gateway = keep(await gatewayHost());
    const client = keep(await peerHost());
    const { dialMs, roundTripMs } = await pingGateway(client, listing(gateway));
    expect(dialMs).toBeGreaterThan(0);
    expect(roundTripMs).toBeGreaterThanOrEqual(0);
    expect(client.libp2p.getPeers().map(String)).toEqual([gateway.peerId]);
  });

  it('is none where something else answers, or another peer', async () => {
    const client = keep(await peerHost());
    const other = keep(await gatewayHost());
    const { peerId } = await createIdentity();
    const server = createServer((socket) =>
      socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const wrong = [`/ip4/127.0.0.1/tcp/${port}`];
    await expect(pingGateway(client, { peerId, multiaddrs: wrong })).rejects.toMatchObject({
      code: 'NO_ROUTE',
    });
    const stolen = other.addresses().map((address) => address.replace(/\/p2p\/.*/, ''));
    await expect(pingGateway(client, { peerId, multiaddrs: stolen })).rejects.toMatchObject({
      code: 'NO_ROUTE',
    });
    server.close();
  });
});
