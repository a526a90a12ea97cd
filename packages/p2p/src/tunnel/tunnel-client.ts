import type { Duplex } from 'node:stream';
import { awaitRoom } from '../access/await-room.ts';
import { askAgain, providerStreams, type ProviderRoute } from '../access/provider-streams.ts';
import { directUpgrade } from '../direct/direct-upgrade.ts';
import { requestTunnel } from './open-tunnel.ts';
import { TUNNEL_PROTOCOL, type TunnelRequest } from './protocol.ts';

export interface TunnelClientOptions extends ProviderRoute {
  /** Told how each search for a way without a gateway ended: with the reason when there is none for the time being. */
  onSearched?: (noWay?: Error) => void;
}

/** Opens tunnels to one provider over one shared connection, and finds another when that one fails. */
export interface TunnelClient {
  /** Throws PeerError: the provider's refusal, NO_ROUTE, NO_GATEWAY or HANDSHAKE_TIMEOUT. */
  open(request: TunnelRequest, options?: { signal?: AbortSignal }): Promise<Duplex>;
}

const TOTAL_MS = 30_000;

export function tunnelClient(route: TunnelClientOptions): TunnelClient {
  const streams = providerStreams(route);
  const upgrade = directUpgrade(route.host, { onSearched: route.onSearched });
  return {
    async open(request, { signal } = {}) {
      const timeout = AbortSignal.timeout(TOTAL_MS);
      const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
      // No byte of the user's has gone out yet, so asking once more does no harm.
      const tunnel = await awaitRoom(bounded, () =>
        askAgain(bounded, async () => {
          const carried = await streams.open(TUNNEL_PROTOCOL, bounded);
          return requestTunnel({ ...carried, host: route.host }, request, bounded);
        }),
      );
      // For the tunnels to come: this one stays where it is, and loses nothing.
      upgrade.consider(streams.present(), request);
      return tunnel;
    },
  };
}
