import type { Backend, BlockEvent } from '../backend.ts';
import type { Hash } from '../header.ts';

export interface IncomingBlock {
  /** SCALE encoded. */
  readonly header: Uint8Array;
  readonly body: readonly Uint8Array[];
  /** SCALE encoded. */
  readonly justification: Uint8Array | undefined;
}

/** The node as its network sees it. Reads answer `undefined` for what is not here. */
export interface ChainAccess extends Pick<
  Backend,
  | 'genesisHash'
  | 'best'
  | 'finalized'
  | 'hashAt'
  | 'header'
  | 'encodedHeader'
  | 'body'
  | 'proof'
  | 'submit'
  | 'pending'
  | 'onBlock'
> {
  /** Why the block is final. */
  justification(hash: Hash): Uint8Array | undefined;
  /** Which set of authorities makes that block final. */
  authoritySet(hash: Hash): bigint;
  /** Proves all that a runtime API reads on the state after that block, so that a light client can run it. */
  callProof(hash: Hash, method: string, args: Uint8Array): readonly Uint8Array[] | undefined;
  /** Called with each extrinsic that the pool has taken in, from whatever source. Returns its removal. */
  onTransaction(listener: (extrinsic: Uint8Array, hash: Hash) => void): () => void;
  /** Verifies, executes and stores a block on top of the best one. Rejects with NODE_BLOCK_REFUSED when it is wrong. */
  importBlock(block: IncomingBlock): Promise<BlockEvent>;
}
