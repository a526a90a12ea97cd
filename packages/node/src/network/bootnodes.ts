import { setTimeout } from 'node:timers/promises';
import type { Connection, Libp2p, PeerId } from '@libp2p/interface';
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr';
import type { Logger } from '../logger.ts';
import { asError, NetworkError } from './errors.ts';
import type { NetworkLimits } from './limits.ts';

export interface BootnodeParts {
  readonly libp2p: Libp2p;
  readonly limits: NetworkLimits;
  readonly logger: Logger;
  /** Aborts when the network stops. */
  readonly signal: AbortSignal;
  readonly onConnected: (connection: Connection) => Promise<void>;
  /** What the log calls such a node. */
  readonly kind: 'bootnode' | 'reserved peer';
}

/** An address that names its peer, which is of that kind. Throws NETWORK_ADDRESS. */
export function parseAddress(text: string, kind: BootnodeParts['kind']): Multiaddr {
  const wrong = (cause?: unknown) =>
    new NetworkError(
      'NETWORK_ADDRESS',
      `"${text}" is no address of a ${kind}: it must be like /ip4/203.0.113.7/tcp/30333/p2p/12D3Koo…`,
      { cause },
    );
  try {
    const address = multiaddr(text);
    if (address.getComponents().some(({ name }) => name === 'p2p')) return address;
  } catch (error) {
    throw wrong(error);
  }
  throw wrong();
}

/** The address of a bootnode. Throws NETWORK_ADDRESS. */
export const parseBootnode = (text: string): Multiaddr => parseAddress(text, 'bootnode');

/** The addresses of each node but this one itself, which a chain spec names as it does the others. The host has started. */
export function groupBootnodes(
  all: readonly Multiaddr[],
  { libp2p, logger }: Pick<BootnodeParts, 'libp2p' | 'logger'>,
): readonly (readonly Multiaddr[])[] {
  const nodes = new Map<string, Map<string, Multiaddr>>();
  const own = new Set(libp2p.getMultiaddrs().map(placeOf));
  for (const address of all) {
    const peer = peerOf(address);
    if (peer === libp2p.peerId.toString()) continue;
    if (own.has(placeOf(address))) {
      logger.warn(
        { bootnode: address.toString(), peerId: libp2p.peerId.toString() },
        'A bootnode has the address of this node, and another peer id: others cannot reach it there. Use the key of that peer id, or mend the list.',
      );
      continue;
    }
    const known = nodes.get(peer) ?? new Map<string, Multiaddr>();
    nodes.set(peer, known.set(address.toString(), address));
  }
  return [...nodes.values()].map((addresses) => [...addresses.values()]);
}

/** A multiaddr without the peer at its end. */
const placeOf = (address: Multiaddr): string => address.toString().replace(/\/p2p\/[^/]+$/, '');

/** The peer of an address. The last one that it names: those before it are relays on the way. */
export const peerOf = (address: Multiaddr): string =>
  address
    .getComponents()
    .filter(({ name }) => name === 'p2p')
    .at(-1)?.value ?? '';

/** Stays connected to a node, by any of its addresses, for as long as the network runs. */
export async function keepConnected(parts: BootnodeParts, addresses: readonly Multiaddr[]): Promise<void> {
  const { limits, signal } = parts;
  const [least, most] = limits.redialMs;
  let [pause, wasReached] = [least, true];
  while (!signal.aborted) {
    const connection = await dial(parts, addresses, wasReached ? 'warn' : 'debug');
    wasReached = connection !== undefined;
    if (connection) {
      pause = least;
      await whileConnected(parts, connection);
    }
    // The signal ends the pause; the loop then ends by itself.
    await setTimeout(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, most);
  }
}

/** Greets it again from time to time: it may have lost the streams, above all to another host that has the same peer id. */
async function whileConnected(parts: BootnodeParts, first: Connection): Promise<void> {
  const { libp2p, limits, onConnected, signal } = parts;
  const over = new AbortController();
  const gone = disconnected(parts, first.remotePeer).then(() => over.abort());
  const ends = AbortSignal.any([signal, over.signal]);
  while (!ends.aborted) {
    const [connection = first] = libp2p.getConnections(first.remotePeer);
    await onConnected(connection);
    await setTimeout(limits.redialMs[1], undefined, { signal: ends }).catch(() => undefined);
  }
  await gone;
}

async function dial(
  parts: BootnodeParts,
  addresses: readonly Multiaddr[],
  level: 'warn' | 'debug',
): Promise<Connection | undefined> {
  const { libp2p, limits, logger, signal, kind } = parts;
  // Not AbortSignal.timeout: the library would let it end the connection later on.
  const patience = new AbortController();
  const timer = globalThis.setTimeout(() => patience.abort(), limits.patienceMs);
  try {
    return await libp2p.dial([...addresses], { signal: AbortSignal.any([signal, patience.signal]) });
  } catch (error) {
    if (!signal.aborted) {
      logger[level](
        { addresses: addresses.map((address) => address.toString()), reason: asError(error).message },
        `A ${kind} cannot be reached; it is tried again from time to time`,
      );
    }
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

function disconnected({ libp2p, signal }: BootnodeParts, peer: PeerId): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      libp2p.removeEventListener('peer:disconnect', onDisconnect);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const onDisconnect = ({ detail }: CustomEvent<PeerId>): void => {
      if (detail.equals(peer)) done();
    };
    libp2p.addEventListener('peer:disconnect', onDisconnect);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted || libp2p.getConnections(peer).length === 0) done();
  });
}
