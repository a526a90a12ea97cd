import { join } from 'node:path';
import type { Lifecycle, Logger } from '@hamster/daemon';
import type { Node, NodeIdentity } from '@hamster/node';
import type { Network } from '@hamster/node/network';
import type { NetworkSettings } from './network-settings.ts';

export interface PeerParts {
  readonly node: Node;
  readonly role: 'authority' | 'full';
  /** Undefined for a node alone. */
  readonly network: NetworkSettings | undefined;
  /** Undefined for a chain that goes away with the node. */
  readonly basePath: string | undefined;
  readonly version: string;
  readonly log: Logger;
}

/** Joins the network of the node's chain, unless it is to be alone. */
export async function joinNetwork(
  lifecycle: Lifecycle,
  { network: settings, ...parts }: PeerParts,
): Promise<Network | undefined> {
  if (!settings) return undefined;
  const network = await lifecycle.start({
    name: 'network',
    start: () => startPeers(parts, settings),
    stop: (joined) => joined.close(),
  });
  parts.log.info({ peerId: network.peerId, addresses: network.addresses() }, 'listening for peers');
  return network;
}

async function startPeers(
  { node, role, basePath, version, log }: Omit<PeerParts, 'network'>,
  { keyFile = basePath && join(basePath, 'network', 'node-key'), maxPeers, ...addresses }: NetworkSettings,
): Promise<Network> {
  // Behind the settings: a node alone does not load what it never uses.
  const { startNetwork } = await import('@hamster/node/network');
  const { createIdentity, loadOrCreateIdentity } = await import('@hamster/p2p/identity');
  const { privateKey } = keyFile ? await loadOrCreateIdentity(keyFile) : await createIdentity();
  const agent = `hamster-node/${version}`;
  const limits = { peers: maxPeers };
  return startNetwork({ ...addresses, privateKey, role, agent, limits, logger: log }, { chain: node.access });
}

export interface IdentityParts extends Pick<PeerParts, 'version' | 'role'> {
  readonly network: Network | undefined;
}

/** What clients are told of this node. */
export function identityOf({ version, role, network }: IdentityParts): NodeIdentity {
  return {
    name: 'Hamster Node',
    version,
    roles: [role === 'authority' ? 'Authority' : 'Full'],
    peerId: network?.peerId ?? '',
    listenAddresses: network?.addresses() ?? [],
    ...(network && { network }),
  };
}
