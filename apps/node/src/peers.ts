import { join } from 'node:path';
import type { Logger } from '@hamster/daemon';
import type { Node } from '@hamster/node';
import { startNetwork, type Network } from '@hamster/node/network';
import { createIdentity, loadOrCreateIdentity } from '@hamster/p2p/identity';
import type { NetworkSettings } from './network-settings.ts';

export interface PeerParts {
  readonly node: Node;
  readonly role: 'authority' | 'full';
  readonly settings: NetworkSettings;
  /** Undefined for a chain that goes away with the node. */
  readonly basePath: string | undefined;
  readonly version: string;
  readonly log: Logger;
}

/** Joins the network of the node's chain. Throws NetworkError. */
export async function startPeers({ node, role, settings, basePath, version, log }: PeerParts): Promise<Network> {
  const { keyFile = basePath && join(basePath, 'network', 'node-key'), maxPeers, ...addresses } = settings;
  const { privateKey } = keyFile ? await loadOrCreateIdentity(keyFile) : await createIdentity();
  const network = await startNetwork(
    {
      ...addresses,
      privateKey,
      role,
      agent: `hamster-node/${version}`,
      limits: { peers: maxPeers },
      logger: log,
    },
    { chain: node.access },
  );
  log.info({ peerId: network.peerId, addresses: network.addresses() }, 'listening for peers');
  return network;
}
