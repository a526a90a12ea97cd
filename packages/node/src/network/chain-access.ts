import type { Backend, BlockEvent, BlockId } from '../backend.ts';
import type { Justification } from '../consensus/consensus.ts';
import type { ForeignBlock } from '../execution/verify-block.ts';
import type { Hash, Header } from '../header.ts';

type Shown =
  | 'genesisHash'
  | 'best'
  | 'finalized'
  | 'hashAt'
  | 'header'
  | 'encodedHeader'
  | 'body'
  | 'justification'
  | 'proof'
  | 'submit'
  | 'pending'
  | 'onBlock'
  | 'onFinalized';

/** The node as its network sees it. Reads answer `undefined` for what is not here. */
export interface ChainAccess extends Pick<Backend, Shown> {
  /** How old the best block is, and how long it takes until each author had a turn, in ms. */
  pace(): { readonly ageMs: number; readonly roundMs: number };
  /** A header that a peer showed, maybe of a block that is not here. */
  seen(header: Header): void;
  /** Number of the set of validators that made that block final, or may do so. */
  validatorSet(hash: Hash): bigint | undefined;
  /** Blocks above this number with which a set of validators ended, from the lowest on. */
  setEnds(above: number): Iterable<BlockId>;
  /** Proves all that a runtime API reads on the state after that block, so that a light client can run it; stops where that takes long. */
  callProof(hash: Hash, method: string, args: Uint8Array): Generator<void, readonly Uint8Array[] | undefined>;
  /** Called with each extrinsic that the pool has taken in, from whatever source. Returns its removal. */
  onTransaction(listener: (transaction: AcceptedTransaction) => void): () => void;
  /** Verifies, executes and stores a block on top of the best one. Rejects with NODE_BLOCK_REFUSED when it is wrong. */
  importBlock(block: ForeignBlock): Promise<BlockEvent>;
  /** Makes a block of this chain final. Rejects with NODE_BLOCK_REFUSED when that is not proved, NODE_BLOCK_ORPHAN when another one comes first. */
  finalizeBlock(hash: Hash, justification: Justification): Promise<void>;
}

export interface AcceptedTransaction {
  readonly hash: Hash;
  /** The whole extrinsic, with its length prefix. */
  readonly extrinsic: Uint8Array;
}
