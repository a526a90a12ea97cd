/** What stands on chain of this gateway. Stake is planck. */
export interface RegisteredGateway {
  readonly peerId: string;
  readonly multiaddrs: readonly string[];
  readonly status: 'Online' | 'Offline' | 'Dropped';
  readonly stake: bigint;
}

export interface GatewayRules {
  /** Planck. */
  readonly minStake: bigint;
  /** ms. */
  readonly heartbeatInterval: number;
}

export interface GatewayEntry {
  readonly peerId: string;
  readonly multiaddrs: readonly string[];
  readonly region: string;
  /** Planck. */
  readonly stake: bigint;
}

/** The chain, as far as a gateway needs it. Each call waits for its outcome and throws if it failed. */
export interface GatewayChain {
  rules(signal: AbortSignal): Promise<GatewayRules>;
  registered(signal: AbortSignal): Promise<RegisteredGateway | undefined>;
  /** Peer ids of all machines in the market. */
  providers(signal: AbortSignal): Promise<string[]>;
  register(entry: GatewayEntry, signal: AbortSignal): Promise<void>;
  updateEndpoint(entry: GatewayEntry, signal: AbortSignal): Promise<void>;
  heartbeat(signal: AbortSignal): Promise<void>;
  goOnline(signal: AbortSignal): Promise<void>;
  goOffline(signal: AbortSignal): Promise<void>;
  /** Brings a dropped gateway back. */
  reset(signal: AbortSignal): Promise<void>;
}
