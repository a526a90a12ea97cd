import type { BlockId } from '../backend.ts';
import type { Header } from '../header.ts';

export interface Proposal {
  /** Pre-runtime digest items of the block to be. */
  readonly digest: readonly Uint8Array[];
}

/** Who may author, which headers are right, and what is final. Knows nothing of what is inside of blocks. */
export interface Consensus {
  /** What a block at `timestamp` (ms) on top of `parent` must say of its author. */
  propose(parent: BlockId, timestamp: bigint): Proposal;
  /** Throws NodeError NODE_BLOCK_REFUSED for a header that its author was not entitled to make. */
  verify(header: Header): void;
  /** The newest block that is final once `block` is imported: committed in the same transaction. */
  finalWith(block: BlockId, finalized: BlockId): BlockId;
}
