import type { PrivateKey } from '@libp2p/interface';
import type { Logger } from '../logger.ts';
import type { ChainAccess } from './chain-access.ts';
import type { NetworkLimits } from './limits.ts';

export interface NetworkOptions {
  /** The node's Ed25519 key among peers: its peer id follows from it. */
  readonly privateKey: PrivateKey;
  /** Multiaddrs to listen on. */
  readonly listen: readonly string[];
  /** Multiaddrs to tell others instead of those listened on. */
  readonly announce?: readonly string[];
  /** Multiaddrs, with peer id, of nodes to be connected to always; those of this node itself are passed over. */
  readonly bootnodes?: readonly string[];
  /** An authority makes the blocks that a full node takes from others. */
  readonly role: 'authority' | 'full';
  /** What others are told of this software: "hamster/0.1.0". */
  readonly agent: string;
  readonly limits?: Partial<NetworkLimits>;
  readonly logger: Logger;
}

export interface NetworkModules {
  readonly chain: ChainAccess;
}
