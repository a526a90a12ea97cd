import type { ChainSpec } from '@hamster/node';
import type { Network } from '@hamster/node/network';
import type { NetworkSettings } from './network-settings.ts';

export interface AuthorDuty {
  /** Whether the node knows what its peers know, so that it may make blocks. */
  mayAuthor(): boolean;
  join(network: Pick<Network, 'isCaughtUp'>): void;
}

/** A development chain that names nobody has nobody who could know more of it; nor has a node alone. */
export function authorDuty(
  { chainType }: Pick<ChainSpec, 'chainType'>,
  peers: Pick<NetworkSettings, 'bootnodes'> | undefined,
): AuthorDuty {
  const isAlone = !peers || (chainType === 'Development' && peers.bootnodes.length === 0);
  let network: Pick<Network, 'isCaughtUp'> | undefined;
  return {
    mayAuthor: () => isAlone || (network?.isCaughtUp() ?? false),
    join: (joined) => void (network = joined),
  };
}
