import type { Connection, Libp2p } from '@libp2p/interface';
import { createLibp2p } from 'libp2p';
import type { Multiaddr } from '@multiformats/multiaddr';
import { listeningPort } from '../direct/addresses.ts';
import type { DirectDialler } from '../direct/dialler.ts';
import { PeerError } from '../errors.ts';
import { answerGateways } from '../lane/answer-gateways.ts';
import { laneDoor } from '../lane/door.ts';
import { laneServer, type LaneServer } from '../lane/lane-server.ts';
import { keepPortMapped, type PortKeeper, type PortKeeperOptions } from '../mapping/keep-port-mapped.ts';
import { startRelay, type Relay } from '../relay/relay.ts';
import { connectionBounds } from '../relay/connection-bounds.ts';
import { RELAY_LIMITS, type RelayOptions } from '../relay/relay-options.ts';
import { circuitModule, type CircuitClient } from '../routes/circuit-client.ts';
import { parseAddress } from '../routes/gateway-address.ts';
import { watchConnections } from './connection-watch.ts';
import type { Identity } from './identity.ts';
import { keyHints, type KeyHints } from './key-hints.ts';
import { gatewayOptions, peerOptions, type Watchers } from './libp2p-options.ts';
import { listenFailure } from './listen-failure.ts';
import { secureWebSockets, type Certificate } from './secure-websockets.ts';
import type { SwarmKey } from './swarm-key.ts';

export interface HostOptions {
  readonly identity: Identity;
  /** Multiaddrs to listen on; none for a client, which nobody dials. */
  readonly listen?: readonly string[];
  /** Multiaddrs to tell others instead of those listened on. */
  readonly announce?: readonly string[];
  /** Of a private network: hosts without it, and with another one, cannot connect either way. */
  readonly swarmKey?: SwarmKey;
}

export interface PeerHostOptions extends HostOptions {
  /** Has the router of this network forward the port, unless other addresses are announced. */
  readonly mapPort?: Pick<PortKeeperOptions, 'onChange'> | undefined;
}

export interface GatewayHostOptions extends HostOptions {
  readonly relay: RelayOptions;
  /** What listeners that end in /tls/ws show. */
  readonly certificate?: Certificate;
}

interface AnyHost {
  readonly peerId: string;
  readonly libp2p: Libp2p;
  /** As the library's `dial`; says when it fails because of a private network. */
  dial(addresses: Multiaddr[], signal: AbortSignal): Promise<Connection>;
  /** Multiaddrs with the peer id, under which others reach this host directly. */
  addresses(): string[];
  /** Closes all connections. */
  stop(): Promise<void>;
}

/** A provider's or a client's host: it uses relays. */
export interface Host extends AnyHost {
  readonly circuits: CircuitClient;
  readonly dialler: DirectDialler;
  /** Faster connections for tunnels; undefined in a private network. */
  readonly lanes: LaneServer | undefined;
  /**
   * Where others may find this host without a gateway, if its network lets them: what was announced; else what the router
   * forwards, and where it listens.
   */
  reachableAt(): Multiaddr[];
}

/** A gateway's host: it is a relay. */
export interface GatewayHost extends AnyHost {
  readonly relay: Relay;
  /** Connections turned away since the start, for there were too many of one peer or from one address. */
  refusedConnections(): number;
  /** For TLS connections from now on. */
  renewCertificate(certificate: Certificate): void;
}

/** Starts a provider's or a client's host. Throws PeerError LISTEN_FAILED or ADDRESS_INVALID. */
export async function createHost(options: PeerHostOptions): Promise<Host> {
  checkAddresses(options);
  const circuit = circuitModule();
  const watchers = watchersOf(options);
  // A private network's key protects all of its bytes; a lane would go around it.
  const door = options.swarmKey ? undefined : laneDoor();
  const libp2p = await createLibp2p({ ...peerOptions(options, watchers, { circuit, door }), start: false });
  await start(libp2p, watchers, options);
  const { circuits, dialler } = await circuit.start(libp2p);
  const announced = (options.announce ?? []).map(parseAddress);
  const lanes = door && laneServer(door);
  if (lanes) await answerGateways({ libp2p, lanes, circuits });
  const portAt = (address: string): number | undefined => listeningPort(dialler.listening(), address);
  const portKeeper =
    options.mapPort && announced.length === 0 ? keepPortMapped({ portAt, ...options.mapPort }) : undefined;
  const host = hostOf(libp2p, watchers);
  return {
    ...host,
    ...{ circuits, dialler: explaining(dialler, watchers.hints), lanes },
    reachableAt: () =>
      announced.length > 0 ? announced : [...forwarded(portKeeper), ...dialler.listening()],
    async stop() {
      await portKeeper?.stop();
      await host.stop();
    },
  };
}

function forwarded(keeper: PortKeeper | undefined): Multiaddr[] {
  const mapping = keeper?.current();
  return mapping?.state === 'mapped' ? [parseAddress(mapping.address)] : [];
}

/** Starts a gateway's host with its relay. Throws PeerError LISTEN_FAILED or ADDRESS_INVALID. */
export async function createGatewayHost(options: GatewayHostOptions): Promise<GatewayHost> {
  checkAddresses(options);
  const watchers = watchersOf(options);
  const limits = { ...RELAY_LIMITS, ...options.relay.limits };
  const bounds = connectionBounds(limits);
  const webSockets = secureWebSockets(options.certificate);
  const door = options.swarmKey ? undefined : laneDoor({ admits: bounds.admitsTicket });
  const parts = { connections: limits.connections, gater: bounds.gater, webSockets, door };
  const libp2p = await createLibp2p({ ...gatewayOptions(options, watchers, parts), start: false });
  // Before the first connection comes in: a provider told "no such protocol" would turn away.
  const relay = await startRelay(libp2p, options.relay, door);
  try {
    await start(libp2p, watchers, options);
  } catch (error) {
    await relay.stop();
    throw error;
  }
  const host = hostOf(libp2p, watchers);
  return {
    ...host,
    relay,
    refusedConnections: bounds.refused,
    renewCertificate: webSockets.renew,
    async stop() {
      await relay.stop();
      await host.stop();
    },
  };
}

function watchersOf({ swarmKey }: HostOptions): Watchers {
  return { watch: watchConnections(), hints: keyHints(swarmKey !== undefined) };
}

function explaining(dialler: DirectDialler, { explained }: KeyHints): DirectDialler {
  return {
    ...dialler,
    dial: (address, options) => explained(peerIn(address), () => dialler.dial(address, options)),
  };
}

function peerIn(address: Multiaddr | undefined): string | undefined {
  return address?.getComponents().findLast(({ name }) => name === 'p2p')?.value;
}

function checkAddresses({ listen = [], announce = [] }: HostOptions): void {
  for (const address of [...listen, ...announce]) parseAddress(address);
}

async function start(libp2p: Libp2p, { watch }: Watchers, { listen = [] }: HostOptions): Promise<void> {
  try {
    await libp2p.start();
  } catch (cause) {
    watch.stop();
    await libp2p.stop();
    const message = `Cannot listen on ${listen.join(', ')}: ${listenFailure(cause)}`;
    throw new PeerError('LISTEN_FAILED', message, { cause });
  }
}

function hostOf(libp2p: Libp2p, { watch, hints }: Watchers): AnyHost {
  return {
    peerId: libp2p.peerId.toString(),
    libp2p,
    dial: (addresses, signal) =>
      hints.explained(peerIn(addresses[0]), () => libp2p.dial(addresses, { signal })),
    addresses: () => libp2p.getMultiaddrs().map((address) => address.toString()),
    async stop() {
      watch.stop();
      await libp2p.stop();
    },
  };
}
