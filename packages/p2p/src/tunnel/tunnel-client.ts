import type { Duplex } from 'node:stream';
import type { Connection, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { dialProvider, type ProviderAddress } from '../routes/connect-provider.ts';
import type { GatewayAddress } from '../routes/gateway-address.ts';
import { race, type Attempt } from '../routes/race.ts';
import { beforeAbort } from '../signals.ts';
import { newTunnelStream, requestTunnel } from './open-tunnel.ts';
import type { TunnelRequest } from './protocol.ts';

export interface TunnelClientOptions {
  readonly host: Host;
  readonly provider: ProviderAddress;
  /** The gateways that are online now; asked whenever a new connection is needed. */
  gateways(): readonly GatewayAddress[];
}

/** Opens tunnels to one provider over one shared connection, and finds another when that one fails. */
export interface TunnelClient {
  /** Throws PeerError: the provider's refusal, NO_ROUTE, NO_GATEWAY or HANDSHAKE_TIMEOUT. */
  open(request: TunnelRequest, options?: { signal?: AbortSignal }): Promise<Duplex>;
}

/** How long the present connection may take to give a stream before another way is tried as well, in ms. */
const PATIENCE_MS = 3000;
const STREAM_MS = 15_000;
const TOTAL_MS = 30_000;
const ATTEMPTS = 2;

export function tunnelClient({ host, provider, gateways }: TunnelClientOptions): TunnelClient {
  /** Connections that once made us wait; not taken again while there is another. */
  const suspects = new WeakSet<Connection>();
  let dialling: Promise<Connection> | undefined;

  function present(): Connection | undefined {
    const open = host.libp2p
      .getConnections(peerIdFromString(provider.peerId))
      .filter((connection) => connection.status === 'open' && !suspects.has(connection));
    return open.findLast(({ direct }) => direct) ?? open.at(-1);
  }

  /** All that wait share one dial. */
  function dial(): Promise<Connection> {
    dialling ??= dialProvider(host, provider, { gateways: gateways() }).finally(() => {
      dialling = undefined;
    });
    return dialling;
  }

  /** On a connection of its own; once more when that one turns out to be dead. */
  async function freshStream(signal: AbortSignal): Promise<Stream> {
    for (let attempt = 1; ; attempt++) {
      const connection = present() ?? (await beforeAbort(dial(), signal));
      try {
        return await newTunnelStream(connection, signal);
      } catch (error) {
        suspects.add(connection);
        if (attempt === ATTEMPTS || signal.aborted) throw error;
      }
    }
  }

  function newStream(signal: AbortSignal): Promise<Stream> {
    const connection = present();
    const fresh: Attempt<Stream> = {
      label: 'on a new connection',
      run: (own) => {
        if (connection) suspects.add(connection);
        return freshStream(own);
      },
    };
    const attempts = connection
      ? [
          { label: 'on the open connection', run: (own: AbortSignal) => newTunnelStream(connection, own) },
          fresh,
        ]
      : [fresh];
    return race(attempts, {
      signal,
      staggerMs: PATIENCE_MS,
      attemptMs: STREAM_MS,
      discard: (stream) => stream.abort(new PeerError('NO_ROUTE', 'Another way was faster')),
    });
  }

  async function open(request: TunnelRequest, { signal }: { signal?: AbortSignal } = {}): Promise<Duplex> {
    const timeout = AbortSignal.timeout(TOTAL_MS);
    const bounded = signal ? AbortSignal.any([signal, timeout]) : timeout;
    for (let attempt = 1; ; attempt++) {
      try {
        return await requestTunnel(await newStream(bounded), request, bounded);
      } catch (error) {
        // No byte of the user's has gone out yet, so asking once more does no harm.
        const again = error instanceof PeerError && error.code === 'CONNECTION_LOST' && attempt < ATTEMPTS;
        if (!again || bounded.aborted) throw error;
      }
    }
  }

  return { open };
}
