import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { openTunnel, TUNNEL_PROTOCOL, type PeerErrorCode, type TunnelLimits } from '../src/index.ts';
import { account, grantFor } from './support/accounts.ts';
import { cleanup } from './support/cleanup.ts';
import { echo, fakeMachine } from './support/machines.ts';
import { listeningHost, peerHost, serveLease7, until } from './support/network.ts';

const keep = cleanup();

async function setUp(limits: Partial<TunnelLimits> = {}) {
  const renter = await account('//Alice');
  const provider = keep(await listeningHost());
  const machine = keep(await fakeMachine(echo));
  const refused: PeerErrorCode[] = [];
  const server = await serveLease7(provider, {
    renter: renter.address,
    port: machine.port,
    limits,
    onRefused: (_peer, { code }) => refused.push(code),
  });
  const connect = async () => {
    const client = keep(await peerHost());
    return { client, connection: await client.libp2p.dial(provider.libp2p.getMultiaddrs()) };
  };
  return { renter, server, machine, refused, connect, ...(await connect()) };
}

describe('a provider', () => {
  test('refuses a grant that another peer stole', async () => {
    const { renter, client, connect } = await setUp();
    const thief = await connect();
    const grant = await grantFor(client.peerId, renter);
    const opening = openTunnel(thief.connection, { grant, lease: 7n, port: 22 });
    await expect(opening).rejects.toMatchObject({ code: 'GRANT_SIGNATURE', blame: 'user' });
  });

  test('refuses other accounts, other leases, other ports and expired grants, each with its reason', async () => {
    const { renter, client, connection, refused } = await setUp();
    const peer = client.peerId;
    const bob = await account('//Bob');
    const cases: [PeerErrorCode, Parameters<typeof openTunnel>[1]][] = [
      ['NOT_RENTER', { grant: await grantFor(peer, bob), lease: 7n, port: 22 }],
      ['LEASE_NOT_FOUND', { grant: await grantFor(peer, renter, { lease: 8n }), lease: 8n, port: 22 }],
      ['GRANT_NOT_PERMITTED', { grant: await grantFor(peer, renter), lease: 8n, port: 22 }],
      ['PORT_CLOSED', { grant: await grantFor(peer, renter), lease: 7n, port: 23 }],
      ['GRANT_EXPIRED', { grant: await grantFor(peer, renter, { notAfter: 1 }), lease: 7n, port: 22 }],
    ];
    for (const [code, request] of cases) {
      await expect(openTunnel(connection, request)).rejects.toMatchObject({ code });
    }
    expect(refused).toEqual(cases.map(([code]) => code));
  });

  test('tells nothing of the machine to who names its renter, but was given nothing by him', async () => {
    const { renter, client, connection, machine } = await setUp();
    await machine.close();
    const grant = { ...(await grantFor(client.peerId, renter)), signature: new Uint8Array(64) };
    for (const port of [22, 23]) {
      const opening = openTunnel(connection, { grant, lease: 7n, port });
      await expect(opening).rejects.toMatchObject({ code: 'GRANT_SIGNATURE' });
    }
  });

  test('says so when the machine does not answer', async () => {
    const { renter, client, connection, machine } = await setUp();
    await machine.close();
    const opening = openTunnel(connection, {
      grant: await grantFor(client.peerId, renter),
      lease: 7n,
      port: 22,
    });
    await expect(opening).rejects.toMatchObject({ code: 'MACHINE_UNREACHABLE', blame: 'transient' });
  });

  test('cuts the tunnels of a lease that ends, and no others', async () => {
    const { renter, client, connection, server } = await setUp();
    const grant = await grantFor(client.peerId, renter);
    const tunnel = await openTunnel(connection, { grant, lease: 7n, port: 22 });
    tunnel.write('hello');
    await once(tunnel, 'data');
    expect(server.closeLease(8n)).toBe(0);
    expect(server.counts()).toEqual(new Map([[7n, 1]]));
    const cut = once(tunnel, 'error');
    expect(server.closeLease(7n)).toBe(1);
    expect(await cut).toMatchObject([{ code: 'CONNECTION_LOST' }]);
    await until(() => server.counts().size === 0);
  });

  test('bounds the tunnels of a peer and gives a place back', async () => {
    const { renter, client, connection, server } = await setUp({ tunnelsPerPeer: 2 });
    const request = { grant: await grantFor(client.peerId, renter), lease: 7n, port: 22 };
    const first = await openTunnel(connection, request);
    keep(closing(await openTunnel(connection, request)));
    await expect(openTunnel(connection, request)).rejects.toMatchObject({ code: 'TOO_MANY_STREAMS' });
    first.destroy();
    await until(() => server.counts().get(7n) === 1);
    keep(closing(await openTunnel(connection, request)));
  });

  test('does not wait for ever for a request, nor read a long one', async () => {
    const impatient = await setUp({ handshakeMs: 200 });
    await impatient.connection.newStream(TUNNEL_PROTOCOL);
    await until(() => impatient.refused.includes('HANDSHAKE_TIMEOUT'));
    const { connection, refused } = await setUp();
    const wordy = await connection.newStream(TUNNEL_PROTOCOL);
    wordy.send(Uint8Array.of(0xff, 0xff, 0x7f));
    await until(() => refused.includes('MESSAGE_TOO_LONG'));
    const strange = await connection.newStream(TUNNEL_PROTOCOL);
    strange.send(Uint8Array.of(3, 1, 2, 3));
    await until(() => refused.includes('MESSAGE_MALFORMED'));
  });
});

function closing(tunnel: Duplex): { close(): void } {
  return { close: () => void tunnel.destroy() };
}
