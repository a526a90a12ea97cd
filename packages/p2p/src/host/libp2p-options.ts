import { noise } from '@chainsafe/libp2p-noise';
import { yamux } from '@chainsafe/libp2p-yamux';
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { webSockets } from '@libp2p/websockets';
import type { Libp2pOptions } from 'libp2p';
import type { HostOptions } from './host.ts';

export type HostServices = {
  readonly identify: ReturnType<ReturnType<typeof identify>>;
  readonly ping: ReturnType<ReturnType<typeof ping>>;
};

/**
 * A stream's window stays well under what its read buffer holds, or a paused fast stream is reset. 1 MiB is also
 * what keeps a keystroke's delay bearable while a bulk transfer shares the connection.
 */
const STREAM_WINDOW = { maxStreamWindowSize: 1 << 20, maxReadBufferLength: 4 << 20 };

/** The library lets 5 connections a second in from one address: too few behind one NAT, or through one relay. */
const INBOUND_PER_SECOND = 200;
const PENDING_INBOUND = 500;
const GATEWAY_CONNECTIONS = 5000;
const PEER_CONNECTIONS = 1000;
/** Two addresses given at once hang the start when only one reservation may be under way. */
const RESERVATIONS_AT_ONCE = 8;
const RELAYED_STREAMS = 1024;

export function libp2pOptions(options: HostOptions): Libp2pOptions<HostServices> {
  const gateway = options.kind === 'gateway';
  return {
    privateKey: options.identity.privateKey,
    addresses: { listen: [...(options.listen ?? [])], announce: [...(options.announce ?? [])] },
    transports: [
      tcp(),
      webSockets(),
      circuitRelayTransport({
        reservationConcurrency: RESERVATIONS_AT_ONCE,
        maxInboundStopStreams: RELAYED_STREAMS,
        maxOutboundStopStreams: RELAYED_STREAMS,
      }),
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: STREAM_WINDOW })],
    connectionManager: {
      maxConnections: gateway ? GATEWAY_CONNECTIONS : PEER_CONNECTIONS,
      inboundConnectionThreshold: INBOUND_PER_SECOND,
      maxIncomingPendingConnections: PENDING_INBOUND,
    },
    // The monitor's pings time out on a busy gateway and would cut healthy connections.
    connectionMonitor: { abortConnectionOnPingFailure: !gateway },
    nodeInfo: { userAgent: 'hamster' },
    services: { identify: identify(), ping: ping() },
  };
}
