import type { Runtime, StateReader } from '@hamster/frame';
import type { ChainOutline } from './chain-spec.ts';
import type { BlockStats } from './execution/block-stats.ts';
import type { Justification, ValidatorSet } from './consensus/consensus.ts';
import type { Hash, Header } from './header.ts';
import type { KeyStore } from './key-store.ts';
import type { StatusListener } from './pool/status.ts';
import type { OffchainStore } from './storage/offchain-store.ts';

export interface BlockId {
  readonly hash: Hash;
  readonly number: number;
}

/** A block that has just been imported. Whether it is final is another event, which may come much later. */
export interface BlockEvent extends BlockId {
  readonly header: Header;
  readonly isBest: boolean;
}

/** A block that has just become final, and with it all those before it. */
export interface FinalityEvent extends BlockId {
  readonly justification: Justification;
  /** The validator set from the next block on, where this one changes it. */
  readonly validators?: ValidatorSet;
}

export interface SyncState {
  readonly startingBlock: number;
  readonly currentBlock: number;
  readonly highestBlock: number;
}

export interface Watched {
  readonly hash: Hash;
  /** Ends the watch; the extrinsic stays in the pool. */
  unsubscribe(): void;
}

/** Blocks made on demand (dev_newBlock and the like). Each has a slot of its own, so time on chain may run ahead of the clock. */
export interface ManualSeal {
  /**
   * Authors one block, once every signature check under way is done; answers the new head. It is made of the pool, or of
   * `transactions` alone when they are given. Rejects with NODE_NOT_INCLUDED, and no block made, unless it can hold all of
   * these; with NODE_NO_KEY; and with InvalidTransaction for bytes that are no extrinsic.
   */
  newBlock(transactions?: readonly Uint8Array[]): Promise<BlockId>;
  /** The next block is made at `time` (ms). Throws NODE_OPTIONS for a time that is over. */
  timeTravel(time: number): void;
}

/**
 * Everything the RPC server may ask of the node. Reads are synchronous and never throw for a block that is unknown or whose
 * state has been pruned: they answer `undefined`.
 */
export interface Backend {
  readonly runtime: Runtime;
  readonly chainSpec: ChainOutline;
  readonly genesisHash: Hash;
  best(): BlockId;
  finalized(): BlockId;
  /** Hash of the block with this number on the best chain. */
  hashAt(number: number): Hash | undefined;
  header(hash: Hash): Header | undefined;
  /** The SCALE encoded header: blake2b-256 of it is the hash. */
  encodedHeader(hash: Hash): Uint8Array | undefined;
  /** Extrinsics of the block, each with its length prefix, as on the wire. */
  body(hash: Hash): readonly Uint8Array[] | undefined;
  /** Why the block is final; undefined for one that is not, for the first one, and for those that a later one made final. */
  justification(hash: Hash): Justification | undefined;
  /** State after the block; undefined when it is unknown or pruned. */
  stateAt(hash: Hash): StateReader | undefined;
  /**
   * The rules under the version that was in force on top of that block: as they made the next one, or as this node would make
   * it. Undefined as for `stateAt`.
   */
  rulesAt(hash: Hash): Runtime | undefined;
  /** Trie nodes (and hashed values) that prove `keys`, present or absent, against the block's state root. */
  proof(hash: Hash, keys: readonly Uint8Array[]): Uint8Array[] | undefined;
  /** Merkle value of the closest trie node at or below `key`, for `closestDescendantMerkleValue`. */
  closestMerkleValue(hash: Hash, key: Uint8Array): Uint8Array | undefined;
  /** Storage keys that the block wrote or deleted, in key order; kept as long as its state. */
  changes(hash: Hash): readonly Uint8Array[] | undefined;
  /**
   * Runs a runtime API on the state after `hash`; its writes are thrown away.
   * Throws NodeError `STATE_UNAVAILABLE` without that state, and whatever the runtime throws.
   */
  callRuntime(hash: Hash, method: string, args: Uint8Array): Uint8Array;
  /** As `callRuntime`, with stops where it takes long. */
  callRuntimeInSteps(hash: Hash, method: string, args: Uint8Array): Generator<void, Uint8Array>;
  /** Executes a block once more. Undefined without it, its parent or the state of that. Rejects with what the runtime throws. */
  blockStats(hash: Hash): Promise<BlockStats | undefined>;
  /** Blocks above this number with which a set of validators ends, from the lowest on. */
  setEnds(above: number): Iterable<BlockId>;
  /** Entries that this node keeps beside the chain. */
  readonly offchain: OffchainStore;
  /** Checks and takes an extrinsic into the pool. Rejects with PoolError. */
  submit(extrinsic: Uint8Array): Promise<Hash>;
  /** As `submit`, and tells `listener` what becomes of it, from its first status (ready or future) to its last. */
  watch(extrinsic: Uint8Array, listener: StatusListener): Promise<Watched>;
  /**
   * Takes an extrinsic out of the pool; those that need it wait. A banned one is not taken in again for a while. False when it is
   * not there, or in a block already.
   */
  withdraw(hash: Hash, options: { readonly ban: boolean }): boolean;
  /** Extrinsics in the pool, ready ones first, and otherwise in the order of arrival: for others who take them in. */
  pending(): readonly Uint8Array[];
  /** Those of them that a block could take now, in the order in which it would; nothing with each step of putting them in order. */
  ready(): Iterable<Uint8Array | undefined>;
  /** Nonces of those that the account has signed. */
  pendingNonces(accountId: Uint8Array): ReadonlySet<number>;
  /** How many of them a block could take now, and how many wait for others. */
  poolCounts(): { readonly ready: number; readonly future: number };
  /** Called after each imported block, in order; a listener that throws is logged and kept. Returns its removal. */
  onBlock(listener: (event: BlockEvent) => void): () => void;
  /** Called after `onBlock` for each block that is made final by a justification of its own, in order. Returns its removal. */
  onFinalized(listener: (event: FinalityEvent) => void): () => void;
  syncState(): SyncState;
  /** Present only when the node was started with one. */
  readonly keyStore?: KeyStore;
  /** Present only when the node was started with `manualSeal`. */
  readonly manualSeal?: ManualSeal;
}
