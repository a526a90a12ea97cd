import type { StateReader } from '@hamster/frame';
import type { BlockEvent, BlockId, FinalityEvent } from '../backend.ts';
import type { ForeignBlock } from '../execution/verify-block.ts';
import type { Hash, Header } from '../header.ts';

/** A block on which another one stands. Its state says who may author that one, and whose votes make it final. */
export interface Parent extends BlockId {
  readonly header: Header;
  readonly state: StateReader;
}

export interface Voter {
  readonly key: Uint8Array;
  readonly weight: bigint;
}

/** Who makes blocks and who makes them final. In force from the block behind the one whose state says so. */
export interface ValidatorSet {
  /** Goes up by one with each change. */
  readonly id: bigint;
  /** Public keys that seal headers, in the order of their turns. */
  readonly authors: readonly Uint8Array[];
  readonly voters: readonly Voter[];
}

/** Why a block is final, for everybody who knows the validator set. */
export interface Justification {
  /** Four letters that say how to read the proof; `FRNK` is GRANDPA's. */
  readonly engine: string;
  readonly proof: Uint8Array;
}

/** The right to make one block. */
export interface Proposal {
  /** Time of the block in ms. */
  readonly timestamp: bigint;
  /** Pre-runtime digest items, which tell others of that right. */
  readonly digest: readonly Uint8Array[];
  /** The header that execution gave, with the author's seal at its end. */
  seal(header: Header): Header;
}

/** `due`: only when the clock says that the turn has come. `next`: the next turn, however far ahead its time is. */
export type ProposalMode = 'due' | 'next';

/** When a block was made, and how long it takes until everybody had a turn, in ms. */
export interface Timing {
  readonly time: bigint;
  readonly round: bigint;
}

/**
 * Who may author, which headers are right, and what is final. Knows nothing of what is inside of blocks. Import and finality
 * are two events: a block may be imported long before votes make it final, or together with them.
 */
export interface Consensus {
  /** The set in force on top of a block with this state. */
  validators(state: StateReader): ValidatorSet;
  /** How often the node asks whether its turn has come, in ms: the time between two blocks. The same in every state. */
  interval(state: StateReader): number;
  /** The block that this node may make on top of `parent`; undefined when it is not its turn, or it has no key. */
  propose(parent: Parent, now: bigint, mode: ProposalMode): Proposal | undefined;
  /** Throws NODE_BLOCK_REFUSED for a header that its author was not entitled to make, or did not seal. */
  verify(header: Header, parent: Parent): void;
  /**
   * Whether a key of this node sealed that header, of whatever branch, going by the set in force on top of `state`. One that was
   * not made here means that the keys are used elsewhere too; an engine that guards its keys itself answers false.
   */
  isOurs(header: Header, state: StateReader): boolean;
  /** By the header's own words. Throws NODE_BLOCK_REFUSED for a header that does not say. */
  timing(header: Header, state: StateReader): Timing;
  /**
   * Whether the validator set changes with this block: then it has to be final by a proof of its own, of the old set, before
   * anything behind it can be.
   */
  endsSet(header: Header): boolean;
  /**
   * What the votes of this node alone make final as soon as `block` is imported: stored in the same transaction. Undefined
   * when others have to vote too: then `ConsensusHost.finalize` is called once they did.
   */
  decide(block: BlockId, parent: Parent): Justification | undefined;
  /** Told of two blocks of one height that `verify` takes both: what proves that their author broke the rules. */
  equivocated?(first: Header, second: Header): void;
  /** Throws NODE_BLOCK_REFUSED unless the justification proves that `block` is final. */
  verifyFinality(block: BlockId, parent: Parent, justification: Justification): void;
  /** For engines that talk to others: begins to vote. Answers how to stop. */
  start?(host: ConsensusHost): () => void;
}

/**
 * The chain as a voting engine sees it. An engine that agrees on a block before anybody takes it in proposes none: it builds,
 * sends and checks blocks itself, and hands over the one that was decided. What was refused leaves no trace.
 */
export interface ConsensusHost {
  best(): BlockId;
  finalized(): BlockId;
  /** Whether this node may use its keys: it knows what the others know, and nobody else uses the same. */
  maySign(): boolean;
  /** Makes a block of the pool on top of the best one, and does not take it in. Rejects with what the runtime throws. */
  build(proposal: Proposal): Promise<ForeignBlock>;
  /** Executes a block on top of the best one, and does not take it in. Rejects as `importBlock` does. */
  check(block: ForeignBlock): Promise<void>;
  /** Takes a block in. Rejects with NODE_BLOCK_REFUSED, NODE_BLOCK_KNOWN, NODE_BLOCK_ORPHAN or NODE_BUSY. */
  importBlock(block: ForeignBlock): Promise<BlockEvent>;
  /** Each imported block, in order, to be voted on. */
  onImported(listener: (block: BlockEvent) => void): () => void;
  /** Each final block, in order, with the new validator set where it changes that. */
  onFinalized(listener: (event: FinalityEvent) => void): () => void;
  /** The votes are there. Rejects with NODE_BLOCK_REFUSED when they do not suffice, NODE_BLOCK_ORPHAN when another one comes first. */
  finalize(block: Hash, justification: Justification): Promise<void>;
}
