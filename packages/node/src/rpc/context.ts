import type { Backend, BlockId } from '../backend.ts';
import type { BlockFeed } from './block-feed.ts';

/** What the system_* methods tell about this node. */
export interface NodeIdentity {
  /** Of the implementation: "Hamster Node". */
  readonly name: string;
  readonly version: string;
  readonly roles: readonly ('Authority' | 'Full')[];
  /** base58 text; empty for a node that takes part in no network. */
  readonly peerId: string;
  readonly listenAddresses: readonly string[];
  /** Left out for a node that takes part in no network. */
  readonly network?: NetworkView;
}

/** The node among its peers, at the moment. */
export interface NetworkView {
  peers(): readonly {
    readonly peerId: string;
    readonly role: 'full' | 'light' | 'authority';
    readonly best: BlockId;
  }[];
  isSyncing(): boolean;
  /** Whether any node is known to be connected to: without, being alone is nothing to worry about. */
  readonly shouldHavePeers: boolean;
  /** Number of the highest block that anybody claims to have. */
  highestBlock(): number;
  /** Left out where no peers can be reserved. */
  readonly reserved?: ReservedView;
}

/** Peers that the operator wants the node to be connected to. */
export interface ReservedView {
  /** Peer ids. */
  list(): readonly string[];
  /** Throws NetworkError NETWORK_ADDRESS, as does `remove`. */
  add(address: string): void;
  remove(peerId: string): void;
}

/** As Substrate names them, least first. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Decides how much the node logs. */
export interface LogFilter {
  set(level: LogLevel): void;
  /** Back to what it was at the start. */
  reset(): void;
}

/** Bounds on what clients may ask for. */
export interface RpcLimits {
  /** Longest request, in bytes. */
  readonly requestBytes: number;
  /** Longest answer, in bytes; a batch of answers may not be longer either. */
  readonly responseBytes: number;
  readonly batchSize: number;
  readonly connections: number;
  /** WebSockets of one address; this machine's own programs are not counted. */
  readonly connectionsPerAddress: number;
  /** ms between two pings of a WebSocket; a client that has not answered three of them is dropped. */
  readonly pingMs: number;
  readonly subscriptionsPerConnection: number;
  /** ms behind a block in which chainHead, and author_* to who watches a transaction in it, say that it is final. */
  readonly finalityDelayMs: number;
  /** Requests of one connection that wait for something; more, or more bytes of them than two of the longest have, are left in the socket. */
  readonly requestsInFlight: number;
  /** Requests that may be sent on one HTTP connection before the first of them is answered; they may have the bytes of two of the longest. */
  readonly pipelinedRequests: number;
  /** A connection that has more than this many bytes waiting to be sent is dropped. */
  readonly sendBufferBytes: number;
  /** Bytes that are kept for all clients together, of requests and of answers; above it, who has the most is dropped. */
  readonly heldBytes: number;
  readonly followsPerConnection: number;
  /** Final blocks that one chainHead follow may keep pinned; one more stops it. */
  readonly pinnedBlocks: number;
  /** Blocks that are not final yet and that one chainHead follow may tell; one more stops it. */
  readonly unfinalizedBlocks: number;
  /** Operations under way for one chainHead follow (the specification asks for 16 at least). */
  readonly operationsPerFollow: number;
  readonly broadcastsPerConnection: number;
  /** Broadcasts, and their bytes, of all who have no connection of their own; for one more another one is given up. */
  readonly sharedBroadcasts: number;
  readonly sharedBroadcastBytes: number;
  /** Entries in one page of a storage query, and their bytes. */
  readonly pageItems: number;
  readonly pageBytes: number;
  /** Keys that one legacy state_* method may name or return. */
  readonly keysPerCall: number;
  /** Blocks that state_queryStorage may walk over. */
  readonly blockRange: number;
}

export const DEFAULT_LIMITS: RpcLimits = {
  requestBytes: 4 * 1024 * 1024,
  responseBytes: 16 * 1024 * 1024,
  batchSize: 1024,
  connections: 256,
  connectionsPerAddress: 64,
  pingMs: 30_000,
  subscriptionsPerConnection: 1024,
  finalityDelayMs: 1_000,
  requestsInFlight: 256,
  pipelinedRequests: 64,
  sendBufferBytes: 32 * 1024 * 1024,
  heldBytes: 128 * 1024 * 1024,
  followsPerConnection: 4,
  pinnedBlocks: 512,
  unfinalizedBlocks: 8192,
  operationsPerFollow: 64,
  broadcastsPerConnection: 16,
  sharedBroadcasts: 256,
  sharedBroadcastBytes: 16 * 1024 * 1024,
  pageItems: 256,
  pageBytes: 256 * 1024,
  keysPerCall: 4096,
  blockRange: 256,
};

/** The part of a pino logger that is used here. */
export interface RpcLog {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** What every method is handed. */
export interface RpcContext {
  readonly backend: Backend;
  readonly feed: BlockFeed;
  readonly identity: NodeIdentity;
  readonly limits: RpcLimits;
  readonly log: RpcLog;
  /** Left out where the log is not the node's to change. */
  readonly logFilter?: LogFilter | undefined;
  /** Whether this caller may do what costs much. */
  readonly allowUnsafe: boolean;
  /** Names of the methods that work for this caller, sorted. */
  methodNames(): readonly string[];
}
