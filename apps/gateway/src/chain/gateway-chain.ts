/** What stands on chain of this gateway. Stake is planck. */
export interface RegisteredGateway {
  readonly peerId: string;
  readonly multiaddrs: readonly string[];
  readonly status: 'Online' | 'Offline' | 'Dropped';
  readonly stake: bigint;
  readonly region: string;
  /** ms since 1970. */
  readonly lastHeartbeat: number;
  readonly droppedAt: number | undefined;
}

export interface GatewayRules {
  /** Planck. */
  readonly minStake: bigint;
  /** ms. */
  readonly heartbeatInterval: number;
  /** How long a dropped gateway waits before it may come back, ms. */
  readonly coolDown: number;
}

/** What the gateway has earned. */
export interface Rewards {
  /** Planck of eras that have ended. */
  readonly claimable: bigint;
  /** End of the running era, if the gateway was online in it; ms since 1970. */
  readonly nextAt: number | undefined;
}

/** Stake that was taken back. */
export interface Unbonding {
  /** Planck. */
  readonly amount: bigint;
  /** ms since 1970. */
  readonly unlockAt: number;
}

/** Planck. */
export interface Money {
  readonly transferable: bigint;
  readonly held: bigint;
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
  /** Where something of this account is stuck at the node, in its place. */
  heartbeat(signal: AbortSignal): Promise<void>;
  goOnline(signal: AbortSignal): Promise<void>;
  goOffline(signal: AbortSignal): Promise<void>;
  /** Brings a dropped gateway back. */
  reset(signal: AbortSignal): Promise<void>;
  rewards(signal: AbortSignal): Promise<Rewards>;
  /** Gets the rewards of all eras that have ended; hands back how much that was, in planck. */
  claim(signal: AbortSignal): Promise<bigint>;
  unbonding(signal: AbortSignal): Promise<Unbonding | undefined>;
  /** Makes unbonded stake free money again; hands back how much, in planck. Undefined for a gateway that had none left: it is removed. */
  withdraw(signal: AbortSignal): Promise<bigint | undefined>;
  money(signal: AbortSignal): Promise<Money>;
  /** The chain's time, ms since 1970. */
  time(signal: AbortSignal): Promise<number>;
}
