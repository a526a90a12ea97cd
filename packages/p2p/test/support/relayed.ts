import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { tunnelClient, type GatewayHost, type Host, type TunnelServer } from '../../src/index.ts';
import type { TunnelClient, TunnelServerOptions } from '../../src/index.ts';
import { account, grantFor } from './accounts.ts';
import type { Cleanup } from './cleanup.ts';
import { fakeMachine } from './machines.ts';
import { gatewayHost, listing, peerHost, reachable, serveLease7 } from './network.ts';

/** Alice rents lease 7; her client and the provider know each other only through gateways. */
export interface RelayedLease {
  readonly gateways: GatewayHost[];
  readonly provider: Host;
  readonly client: Host;
  readonly server: TunnelServer;
  readonly tunnels: TunnelClient;
  open(): ReturnType<TunnelClient['open']>;
}

interface Setting {
  readonly keep: Cleanup;
  readonly machine: (socket: Socket) => void;
  /** The gateways to use; one of its own by default. */
  readonly gateways?: GatewayHost[];
  readonly serve?: Partial<TunnelServerOptions>;
}

export async function relayedLease({ keep, machine, ...given }: Setting): Promise<RelayedLease> {
  const renter = await account('//Alice');
  const gateways = given.gateways ?? [keep(await gatewayHost())];
  const provider = keep(await peerHost());
  const client = keep(await peerHost());
  const { port } = keep(await fakeMachine(machine));
  const server = await serveLease7(provider, { renter: renter.address, port, ...given.serve });
  const listings = gateways.map(listing);
  keep(await reachable(provider, () => listings));
  const tunnels = tunnelClient({ host: client, provider, gateways: () => listings });
  const grant = await grantFor(client.peerId, renter);
  return {
    gateways,
    provider,
    client,
    server,
    tunnels,
    open: () => tunnels.open({ grant, lease: 7n, port: 22 }),
  };
}

/** A client of its own, with a connection of its own, for the lease of somebody else. */
export async function anotherClient({ provider, gateways }: RelayedLease, keep: Cleanup) {
  const renter = await account('//Alice');
  const client = keep(await peerHost());
  const route = { host: client, provider, gateways: () => gateways.map(listing) };
  const grant = await grantFor(client.peerId, renter);
  // Each tunnel with a relayed connection of its own.
  return { client, open: () => tunnelClient(route).open({ grant, lease: 7n, port: 22 }) };
}

/** Writes until told to stop, as fast as it is taken. */
export function flood(tunnel: Duplex): void {
  const block = Buffer.alloc(64 * 1024);
  const more = (): void => {
    while (!tunnel.destroyed && tunnel.write(block));
  };
  tunnel.on('drain', more).on('error', () => undefined);
  more();
}
