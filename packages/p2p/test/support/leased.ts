import {
  serveConsole,
  serveControl,
  type Claim,
  type ConsoleServerOptions,
  type ControlServerOptions,
  type Denial,
  type GrantedOptions,
  type GrantedServer,
  type Host,
  type PeerErrorCode,
  type Permission,
  type ProviderRoute,
  type SignedGrant,
} from '../../src/index.ts';
import { account, GENESIS, grantFor } from './accounts.ts';
import type { Cleanup } from './cleanup.ts';
import { listeningHost, peerHost } from './network.ts';

/** Alice rents lease 7, and her client knows the provider's address. */
export interface Leased {
  readonly server: GrantedServer;
  readonly client: Host;
  readonly route: ProviderRoute;
  readonly refused: readonly PeerErrorCode[];
  grant(permissions: Permission[], change?: { lease?: bigint; uri?: string }): Promise<SignedGrant>;
  /** Another peer. */
  stranger(): Promise<ProviderRoute>;
}

export type Given<O> = Omit<O, keyof GrantedOptions | 'authorise'>;

export function controlOf7(keep: Cleanup, given: Given<ControlServerOptions>): Promise<Leased> {
  return leased(keep, (host, common) => serveControl(host, { ...common, ...given }));
}

export function consoleOf7(keep: Cleanup, given: Given<ConsoleServerOptions>): Promise<Leased> {
  return leased(keep, (host, common) => serveConsole(host, { ...common, ...given }));
}

type Common = GrantedOptions & { authorise(claim: Claim): Promise<{ ok: true } | Denial> };

async function leased(
  keep: Cleanup,
  serve: (host: Host, common: Common) => Promise<GrantedServer>,
): Promise<Leased> {
  const renter = await account('//Alice');
  const provider = keep(await listeningHost());
  const refused: PeerErrorCode[] = [];
  const server = await serve(provider, {
    genesisHash: GENESIS,
    async authorise({ lease, account: asker }) {
      if (lease !== 7n) return { ok: false, code: 'LEASE_NOT_FOUND', message: `There is no lease ${lease}` };
      if (asker === renter.address) return { ok: true };
      return { ok: false, code: 'NOT_RENTER', message: 'That account does not rent it' };
    },
    onRefused: (_peer, { code }) => refused.push(code),
  });
  const routeOf = async (): Promise<ProviderRoute> => ({
    host: keep(await peerHost()),
    provider: { peerId: provider.peerId, direct: provider.addresses() },
    gateways: () => [],
  });
  const route = await routeOf();
  return {
    server,
    client: route.host,
    route,
    refused,
    grant: async (permissions, { lease = 7n, uri = '//Alice' } = {}) =>
      grantFor(route.host.peerId, await account(uri), { permissions, lease }),
    stranger: routeOf,
  };
}
