export { parseAddress } from './addresses.ts';
export { parseBootnode } from './bootnodes.ts';
export type { AcceptedTransaction, ChainAccess } from './chain-access.ts';
export { NetworkError, type NetworkErrorCode } from './errors.ts';
export { DEFAULT_NETWORK_LIMITS, type NetworkLimits } from './limits.ts';
export { startNetwork, type Network, type PeerInfo } from './network.ts';
export type { NetworkModules, NetworkOptions } from './options.ts';
