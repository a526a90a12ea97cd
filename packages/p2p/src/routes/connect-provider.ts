import type { Connection } from '@libp2p/interface';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { addressesOf, gatewaysInOrder, type GatewayAddress } from './gateway-address.ts';
import { race, type Attempt } from './race.ts';

export interface ProviderAddress {
  readonly peerId: string;
  /** Multiaddrs at which the provider may be reached without a gateway. */
  readonly direct?: readonly string[];
}

export interface ConnectOptions {
  readonly gateways: readonly GatewayAddress[];
  readonly signal?: AbortSignal;
  /** A slow way gets this head start before the next is tried as well, in ms. */
  readonly staggerMs?: number;
}

const STAGGER_MS = 500;
/** Long enough for a bad line, short enough that a silent gateway is not waited for. */
const ATTEMPT_MS = 4000;
const TOTAL_MS = 15_000;

/**
 * A new connection to a provider: directly where an address is known, else through the first gateway that gets
 * there. A refused way is left at once, a silent one is overtaken. Throws PeerError NO_ROUTE or NO_GATEWAY.
 */
export async function dialProvider(
  host: Host,
  provider: ProviderAddress,
  options: ConnectOptions,
): Promise<Connection> {
  const attempts = [...directly(host, provider), ...throughGateways(host, provider, options.gateways)];
  if (attempts.length === 0) {
    throw new PeerError('NO_GATEWAY', 'The chain lists no gateway that is online; try again in a minute');
  }
  const timeout = AbortSignal.timeout(TOTAL_MS);
  return race(attempts, {
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
    staggerMs: options.staggerMs ?? STAGGER_MS,
    attemptMs: ATTEMPT_MS,
    discard: (connection) => connection.abort(new PeerError('NO_ROUTE', 'Another way was faster')),
  });
}

function directly(host: Host, { peerId, direct = [] }: ProviderAddress): Attempt<Connection>[] {
  return addressesOf(peerId, direct).map((address) => ({
    label: `directly at ${address.toString()}`,
    run: (signal) => host.dialler.dial(address, { signal }),
  }));
}

function throughGateways(
  host: Host,
  { peerId }: ProviderAddress,
  gateways: readonly GatewayAddress[],
): Attempt<Connection>[] {
  return gatewaysInOrder(peerId, gateways).map((gateway) => ({
    label: `through gateway ${gateway.peerId}`,
    run: async (signal) => {
      const connection = await host.dial(addressesOf(gateway.peerId, gateway.multiaddrs), signal);
      return host.circuits.connect(connection, peerId, signal);
    },
  }));
}
