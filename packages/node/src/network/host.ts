import { boundedWebSockets } from '@hamster/p2p/bounded-websockets';
import { KEEP_ALIVE_MS } from '@hamster/p2p/connection-watch';
import { listenFailure } from '@hamster/p2p/listen-failure';
import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { identify } from '@libp2p/identify';
import type { ConnectionGater, Libp2p, PrivateKey } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { createLibp2p, type Libp2pOptions } from 'libp2p';
import { NetworkError } from './errors.ts';
import type { NetworkLimits } from './limits.ts';

export interface HostOptions {
  readonly privateKey: PrivateKey;
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Multiaddrs to tell others instead of those listened on. */
  readonly announce: readonly string[];
  readonly agent: string;
  readonly limits: NetworkLimits;
  readonly gater: ConnectionGater;
}

/** A stream's window stays well under what its read buffer holds, or a paused stream is reset. */
const STREAM_OPTIONS = { maxStreamWindowSize: 1 << 20, maxReadBufferLength: 4 << 20 };
/** Streams that one connection may carry each way. */
const STREAMS = 256;
const PENDING_INBOUND = 64;

/** A host that speaks what Substrate's peers speak: TCP and WebSocket, noise, yamux. Not started. */
export async function createHost(options: HostOptions): Promise<Libp2p> {
  return createLibp2p({ ...libp2pOptions(options), start: false });
}

/** Throws NETWORK_LISTEN and leaves nothing open when it does. */
export async function startHost(libp2p: Libp2p, listen: readonly string[]): Promise<void> {
  try {
    await libp2p.start();
  } catch (cause) {
    await libp2p.stop();
    const reason = listenFailure(cause);
    const help = reason.includes('EADDRNOTAVAIL')
      ? 'Choose addresses that this machine has with --listen-addr.'
      : 'Choose other ports with --port and --ws-port.';
    throw new NetworkError(
      'NETWORK_LISTEN',
      `Cannot listen for peers on ${listen.join(' and ')}: ${reason}. ${help}`,
      { cause },
    );
  }
}

function libp2pOptions({ privateKey, listen, announce, agent, limits, gater }: HostOptions): Libp2pOptions {
  return {
    privateKey,
    addresses: { listen: [...listen], announce: [...announce] },
    transports: [tcp(), boundedWebSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [
      yamux({
        streamOptions: STREAM_OPTIONS,
        keepAliveInterval: KEEP_ALIVE_MS,
        maxInboundStreams: STREAMS,
        maxOutboundStreams: STREAMS,
        maxEarlyStreams: STREAMS,
      }),
    ],
    connectionGater: gater,
    connectionManager: {
      maxConnections: limits.connections,
      inboundConnectionThreshold: limits.connectionsPerSecondPerHost,
      maxIncomingPendingConnections: PENDING_INBOUND,
    },
    // It pings by a stream of its own each time, and cuts connections to peers that keep such a stream open, as smoldot does.
    connectionMonitor: { enabled: false },
    nodeInfo: { userAgent: agent },
    services: { identify: identify() },
  };
}
