import type { Connection, Stream } from '@libp2p/interface';
import { peerIdFromString } from '@libp2p/peer-id';
import { PeerError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { dialProvider, type ProviderAddress } from '../routes/connect-provider.ts';
import type { GatewayAddress } from '../routes/gateway-address.ts';
import { race, type Attempt } from '../routes/race.ts';
import { beforeAbort } from '../signals.ts';
import { newStream } from './ask-provider.ts';

export interface ProviderRoute {
  readonly host: Host;
  readonly provider: ProviderAddress;
  /** The gateways that are online now; asked whenever a new connection is needed. */
  gateways(): readonly GatewayAddress[];
}

/** A stream, and what it goes over. */
export interface CarriedStream {
  readonly stream: Stream;
  readonly connection: Connection;
}

/** Streams to one provider over one shared connection; another is found when that one fails. */
export interface ProviderStreams {
  /** A fresh, unused stream. Throws PeerError NO_ROUTE, NO_GATEWAY or CONNECTION_LOST. */
  open(protocol: string, signal: AbortSignal): Promise<CarriedStream>;
  /** The connection that the next stream will go over, if there is one already. */
  present(): Connection | undefined;
}

/** How long the present connection may take to give a stream before another way is tried as well, in ms. */
const PATIENCE_MS = 2000;
const STREAM_MS = 15_000;
const ATTEMPTS = 2;

export function providerStreams({ host, provider, gateways }: ProviderRoute): ProviderStreams {
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
  async function fresh(protocol: string, signal: AbortSignal): Promise<CarriedStream> {
    for (let attempt = 1; ; attempt++) {
      const connection = present() ?? (await beforeAbort(dial(), signal));
      try {
        return await carried(connection, protocol, signal);
      } catch (error) {
        suspects.add(connection);
        if (attempt === ATTEMPTS || signal.aborted) throw error;
      }
    }
  }

  function attemptsOn(connection: Connection | undefined, protocol: string): Attempt<CarriedStream>[] {
    const another: Attempt<CarriedStream> = {
      label: 'on a new connection',
      run: (own) => {
        if (connection) suspects.add(connection);
        return fresh(protocol, own);
      },
    };
    if (!connection) return [another];
    return [{ label: 'on the open connection', run: (own) => carried(connection, protocol, own) }, another];
  }

  return {
    present,
    open: (protocol, signal) =>
      race(attemptsOn(present(), protocol), {
        signal,
        staggerMs: PATIENCE_MS,
        attemptMs: STREAM_MS,
        discard: ({ stream }) => stream.abort(new PeerError('NO_ROUTE', 'Another way was faster')),
      }),
  };
}

async function carried(
  connection: Connection,
  protocol: string,
  signal: AbortSignal,
): Promise<CarriedStream> {
  return { connection, stream: await newStream(connection, protocol, signal) };
}

/** Runs `ask` once more when the connection turns out to be lost: for requests that do no harm when they come twice. */
export async function askAgain<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const again = error instanceof PeerError && error.code === 'CONNECTION_LOST' && attempt < ATTEMPTS;
      if (!again || signal.aborted) throw error;
    }
  }
}
