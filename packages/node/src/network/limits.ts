/** Bounds of the network. Sizes in bytes, times in ms. */
export interface NetworkLimits {
  /** Peers that announce blocks to us, over all. What is over this is turned away. */
  readonly peers: number;
  /** Connections, of peers or not. */
  readonly connections: number;
  readonly connectionsPerSecondPerHost: number;
  /** Requests of one peer that are being answered; one more is refused. */
  readonly requestsUnderWay: number;
  /** Requests of one peer per second, on average; a burst may have four times as many. */
  readonly requestsPerSecond: number;
  /** Time that answers to one peer, and to all, may take in a second, on average, in ms; a burst may take four times as much. */
  readonly workPerSecondMs: readonly [each: number, all: number];
  /** Gossip messages of one peer per second, on average; a burst may have four times as many. */
  readonly messagesPerSecond: number;
  /** For a handshake, and for a request to come or an answer to be taken away. */
  readonly patienceMs: number;
  /** Gossip that a peer leaves unread before it is dropped. */
  readonly unreadGossip: number;
  /** Of messages that have not come whole, and of answers that were not taken away, of all peers. */
  readonly unfinished: number;
  /** For how long a peer that misbehaved is not let in again. */
  readonly banMs: number;
  /** Between two attempts to reach a bootnode, at least and at most. */
  readonly redialMs: readonly [number, number];
  /** How long an author waits for somebody who knows the chain, or for the next block of it. Longer than others take to redial. */
  readonly witnessMs: number;
}

export const DEFAULT_NETWORK_LIMITS: NetworkLimits = {
  peers: 64,
  connections: 256,
  connectionsPerSecondPerHost: 50,
  requestsUnderWay: 16,
  requestsPerSecond: 64,
  workPerSecondMs: [250, 500],
  messagesPerSecond: 256,
  patienceMs: 20_000,
  unreadGossip: 4 * 2 ** 20,
  unfinished: 64 * 2 ** 20,
  banMs: 600_000,
  redialMs: [1_000, 30_000],
  witnessMs: 40_000,
};

/** Longest message of each protocol, in bytes, as Substrate has them or less. */
export const MESSAGE_BYTES = {
  handshake: 1024,
  announcement: 64 * 1024,
  transactions: 4 * 2 ** 20,
  finality: 2 ** 20,
  syncRequest: 1024,
  syncResponse: 16 * 2 ** 20,
  warpRequest: 32,
  lightRequest: 256 * 1024,
} as const;
