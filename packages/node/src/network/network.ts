import { watchConnections, type ConnectionWatch } from '@hamster/p2p/connection-watch';
import type { ConnectionGater, Libp2p } from '@libp2p/interface';
import type { BlockId } from '../backend.ts';
import { createBans, type Bans } from './bans.ts';
import { groupBootnodes, keepConnected, parseBootnode, peerOf } from './bootnodes.ts';
import { createHost, startHost } from './host.ts';
import { DEFAULT_NETWORK_LIMITS } from './limits.ts';
import type { Role } from './messages/announcements.ts';
import type { NetworkModules, NetworkOptions } from './options.ts';
import { parseAddress } from './addresses.ts';
import { answerPings } from './ping.ts';
import { Peers } from './peers.ts';
import { createProtocols } from './protocols.ts';
import { superviseConnections } from './supervise.ts';
import { penalties } from './penalties.ts';
import { ReservedPeers } from './reserved.ts';

export interface PeerInfo {
  readonly peerId: string;
  readonly role: Role;
  readonly best: BlockId;
}

/** A node among others. */
export interface Network {
  /** base58 text: "12D3Koo…". */
  readonly peerId: string;
  /** Multiaddrs with the peer id, under which others reach this node. */
  addresses(): readonly string[];
  peers(): readonly PeerInfo[];
  /** Whether any other node is a bootnode. */
  readonly shouldHavePeers: boolean;
  /** What the operator may change while the node runs. */
  readonly reserved: Pick<ReservedPeers, 'list' | 'add' | 'remove'>;
  /** Number of the highest block that a peer claims to have, or the own best one. */
  highestBlock(): number;
  /** Whether this node is far behind its peers. */
  isSyncing(): boolean;
  /**
   * Whether this node knows what the others know, so that it may author: for good, once it has all that its peers told it of, or
   * has waited long enough for somebody to tell it.
   */
  isCaughtUp(): boolean;
  /** Closes all connections. Idempotent. */
  close(): Promise<void>;
}

/**
 * Joins the network of a chain, by the protocols of Substrate. Throws NetworkError NETWORK_ADDRESS or NETWORK_LISTEN, and
 * leaves nothing open when it does.
 */
export async function startNetwork(options: NetworkOptions, { chain }: NetworkModules): Promise<Network> {
  const { logger, listen, announce = [], privateKey, agent, role } = options;
  const limits = { ...DEFAULT_NETWORK_LIMITS, ...options.limits };
  const addresses = (options.bootnodes ?? []).map(parseBootnode);
  for (const address of [...listen, ...announce]) parseAddress(address);

  const bans = createBans(limits.banMs);
  const watch = watchConnections();
  const gater = gaterOf(bans, watch);
  const libp2p = await createHost({ privateKey, listen, announce, agent, limits, gater });
  const stopping = new AbortController();
  const { signal } = stopping;
  const peers = new Peers(limits.peers);
  const onFailure = penalties({ libp2p, bans, peers, logger, signal });
  const bootnodes = new Set(addresses.map(peerOf));
  bootnodes.delete(libp2p.peerId.toString());
  const parts = { libp2p, chain, peers, role, limits, bootnodes, logger, signal, onFailure };
  await answerPings(libp2p);
  const protocols = await createProtocols(parts);
  await startHost(libp2p, listen).catch((error: unknown) => {
    watch.stop();
    throw error;
  });
  const stopSupervising = superviseConnections({ libp2p, peers, limits });
  const kept = { ...parts, onConnected: protocols.greet };
  const reserved = new ReservedPeers(kept);
  const running = [
    protocols.run(),
    ...groupBootnodes(addresses, parts).map((each) => keepConnected({ ...kept, kind: 'bootnode' }, each)),
  ];

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    stopping.abort();
    watch.stop();
    stopSupervising();
    protocols.stop();
    await libp2p.stop();
    await Promise.allSettled([...running, reserved.idle()]);
  };
  return {
    ...views(libp2p, peers),
    shouldHavePeers: bootnodes.size > 0,
    reserved,
    highestBlock: () => protocols.sync.highest,
    isSyncing: () => protocols.isSyncing(),
    isCaughtUp: () => protocols.isCaughtUp(),
    close: () => (closing ??= close()),
  };
}

/** Keeps the banned out, and has everybody else watched. */
function gaterOf(bans: Bans, { gater }: ConnectionWatch): ConnectionGater {
  return {
    denyInboundEncryptedConnection: (peer, connection) =>
      bans.has(peer.toString()) || (gater.denyInboundEncryptedConnection?.(peer, connection) ?? false),
    denyOutboundEncryptedConnection: (peer, connection) =>
      bans.has(peer.toString()) || (gater.denyOutboundEncryptedConnection?.(peer, connection) ?? false),
  };
}

function views(libp2p: Libp2p, peers: Peers): Pick<Network, 'peerId' | 'addresses' | 'peers'> {
  return {
    peerId: libp2p.peerId.toString(),
    addresses: () => libp2p.getMultiaddrs().map((address) => address.toString()),
    peers: () => peers.all().map(({ id, role, best }) => ({ peerId: id, role, best })),
  };
}
