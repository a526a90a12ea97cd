import { vi } from 'vitest';
import {
  createGatewayHost,
  createHost,
  createIdentity,
  keepReservations,
  PeerError,
  serveTunnel,
  type GatewayAddress,
  type GatewayHost,
  type Host,
  type Identity,
  type RelayOptions,
  type ReservationKeeper,
  type TunnelServer,
  type TunnelServerOptions,
} from '../../src/index.ts';
import { GENESIS } from './accounts.ts';

const LOOPBACK = ['/ip4/127.0.0.1/tcp/0'];
const ANYONE: RelayOptions = { acl: { mayReserve: () => true, mayRelay: () => true } };

/** A provider or client that nobody can dial directly. */
export async function peerHost(listen: string[] = []): Promise<Host> {
  return createHost({ identity: await createIdentity(), listen });
}

export function listeningHost(): Promise<Host> {
  return peerHost(LOOPBACK);
}

export async function gatewayHost(
  relay: RelayOptions = ANYONE,
  where: { identity?: Identity; listen?: string[] } = {},
): Promise<GatewayHost> {
  const { identity = await createIdentity(), listen = LOOPBACK } = where;
  return createGatewayHost({ identity, listen, relay });
}

/** A gateway as the chain would list it. */
export function listing(gateway: GatewayHost): GatewayAddress {
  return { peerId: gateway.peerId, multiaddrs: gateway.addresses() };
}

/** Keeps the provider reachable through these gateways; resolves when it is, through `want` of them. */
export async function reachable(
  host: Host,
  gateways: () => GatewayAddress[],
  want = gateways().length,
): Promise<ReservationKeeper> {
  const keeper = keepReservations({ host, gateways, want, everyMs: 100 });
  await until(() => keeper.held().length >= want);
  return keeper;
}

/** Serves lease 7 of one account: the machine's port 22 is the given local port. */
export function serveLease7(
  host: Host,
  { renter, port: localPort, ...more }: { renter: string; port: number } & Partial<TunnelServerOptions>,
): Promise<TunnelServer> {
  return serveTunnel(host, {
    genesisHash: GENESIS,
    async authorise({ lease, account }) {
      if (lease !== 7n) return { ok: false, code: 'LEASE_NOT_FOUND', message: `There is no lease ${lease}` };
      if (account !== renter)
        return { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' };
      return { ok: true };
    },
    async locate({ port }) {
      if (port !== 22) throw new PeerError('PORT_CLOSED', 'Only port 22');
      return { host: '127.0.0.1', port: localPort };
    },
    ...more,
  });
}

/** Waits for a condition; fails after 25 s. */
export function until(condition: () => boolean, timeout = 25_000): Promise<void> {
  return vi.waitUntil(condition, { timeout, interval: 20 }).then(() => undefined);
}

/** Waits until a number has not changed for half a second. */
export async function steady(read: () => number): Promise<void> {
  let last = { value: -1, at: 0 };
  await until(() => {
    if (read() !== last.value) last = { value: read(), at: performance.now() };
    return performance.now() - last.at > 500;
  });
}
