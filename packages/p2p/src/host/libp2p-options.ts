import { noise } from '@chainsafe/libp2p-noise';
import { identify } from '@libp2p/identify';
import { ping } from '@libp2p/ping';
import { preSharedKey } from '@libp2p/pnet';
import { tcp } from '@libp2p/tcp';
import type { ConnectionGater, ConnectionProtector } from '@libp2p/interface';
import type { Libp2pOptions } from 'libp2p';
import type { LaneDoor } from '../lane/door.ts';
import { connectionBounds } from '../relay/connection-bounds.ts';
import type { CircuitModule } from '../routes/circuit-client.ts';
import { calmYamux } from './calm-windows.ts';
import { KEEP_ALIVE_MS, type ConnectionWatch } from './connection-watch.ts';
import { strictProtector } from './first-words.ts';
import type { HostOptions } from './host.ts';
import type { KeyHints } from './key-hints.ts';
import { noiseCrypto } from './noise-crypto.ts';
import { secureWebSockets, type SecureWebSockets } from './secure-websockets.ts';
import type { SwarmKey } from './swarm-key.ts';

/**
 * A stream's window stays well under what its read buffer holds, or a paused fast stream is reset. 1 MiB is also
 * what keeps a keystroke's delay bearable while a bulk transfer shares the connection.
 */
export const STREAM_OPTIONS = { maxStreamWindowSize: 1 << 20, maxReadBufferLength: 4 << 20 };
/** Streams that one connection may carry each way: on a gateway a relayed connection is one. */
const STREAMS = 4096;

/** The library lets 5 connections a second in from one address: too few behind one NAT, or through one relay. */
const INBOUND_PER_SECOND = 200;
const PENDING_INBOUND = 500;
const PEER_CONNECTIONS = 1000;
/** Each of a renter's programs (an ssh, an scp, Ansible's forks) has a connection of its own. */
const CONNECTIONS_OF_ONE = 128;
/** A peer's addresses are tried one by one; this is for each. */
const ADDRESS_DIAL_MS = 3000;
/** For the first bytes of a private network's connection; the library's second is short on a busy host. */
const PROTECT_MS = 5000;

/** What sees every connection of a host. */
export interface Watchers {
  readonly watch: ConnectionWatch;
  readonly hints: KeyHints;
}

interface PeerParts {
  readonly circuit: CircuitModule;
  /** Plain TCP where there is none. */
  readonly door: LaneDoor | undefined;
}

export function peerOptions(
  options: HostOptions,
  watchers: Watchers,
  { circuit, door }: PeerParts,
): Libp2pOptions {
  const bounds = connectionBounds({
    connectionsPerPeer: CONNECTIONS_OF_ONE,
    // Through a gateway they all come from one.
    connectionsPerAddress: Infinity,
  });
  return {
    ...commonOptions(options, watchers),
    transports: [door?.transport ?? tcp(), secureWebSockets(undefined).transport, circuit.transport],
    connectionGater: allGaters(bounds.gater, watchers),
    connectionManager: connectionManager(PEER_CONNECTIONS),
  };
}

interface GatewayParts {
  readonly connections: number;
  readonly gater: ConnectionGater;
  readonly webSockets: SecureWebSockets;
  readonly door: LaneDoor | undefined;
}

export function gatewayOptions(
  options: HostOptions,
  watchers: Watchers,
  { connections, gater, webSockets, door }: GatewayParts,
): Libp2pOptions {
  return {
    ...commonOptions(options, watchers),
    transports: [door?.transport ?? tcp(), webSockets.transport],
    connectionGater: allGaters(gater, watchers),
    connectionManager: connectionManager(connections),
  };
}

/** The watch sees only what the bounds let in. */
function allGaters(bounds: ConnectionGater, { watch, hints }: Watchers): ConnectionGater {
  return {
    ...watch.gater,
    ...hints.gater,
    denyInboundConnection(connection) {
      // Before anything is awaited: what has come already is about to be handed over.
      void hints.gater.denyInboundConnection?.(connection);
      return bounds.denyInboundConnection?.(connection) ?? false;
    },
    denyInboundEncryptedConnection: async (peer, connection) =>
      (await bounds.denyInboundEncryptedConnection?.(peer, connection)) === true ||
      (await watch.gater.denyInboundEncryptedConnection?.(peer, connection)) === true,
  };
}

function commonOptions(
  { identity, listen = [], announce = [], swarmKey }: HostOptions,
  { hints }: Watchers,
): Libp2pOptions {
  return {
    privateKey: identity.privateKey,
    addresses: { listen: [...listen], announce: [...announce] },
    connectionEncrypters: [noise({ crypto: noiseCrypto() })],
    streamMuxers: [
      calmYamux({
        streamOptions: STREAM_OPTIONS,
        keepAliveInterval: KEEP_ALIVE_MS,
        maxInboundStreams: STREAMS,
        maxOutboundStreams: STREAMS,
        // Streams that come before the connection is quite ready: by default the 11th cuts it, and a client opens
        // a window's tunnels all at once.
        maxEarlyStreams: STREAMS,
      }),
    ],
    ...(swarmKey && { connectionProtector: () => protectorOf(swarmKey, hints) }),
    connectionMonitor: { enabled: false },
    nodeInfo: { userAgent: 'hamster' },
    services: { identify: identify(), ping: ping() },
  };
}

function protectorOf(psk: SwarmKey, { onHeard }: KeyHints): ConnectionProtector {
  return strictProtector(preSharedKey({ psk, timeout: PROTECT_MS })(), onHeard);
}

function connectionManager(maxConnections: number): Libp2pOptions['connectionManager'] {
  return {
    maxConnections,
    inboundConnectionThreshold: INBOUND_PER_SECOND,
    maxIncomingPendingConnections: PENDING_INBOUND,
    addressDialTimeout: ADDRESS_DIAL_MS,
  };
}
