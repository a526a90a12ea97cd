import { StateError, type StateDb, type StateUpdate } from '@hamster/state';
import type { RootDatabase } from 'lmdb';
import type { BlockId } from '../backend.ts';
import type { Justification, Parent } from '../consensus/consensus.ts';
import { NodeError } from '../errors.ts';
import { genesisBlock, type GenesisEntry } from '../genesis.ts';
import { hashBytes } from '../hash.ts';
import type { Hash } from '../header.ts';
import { Slices } from '../slices.ts';
import type { Block, BlockStore, Mark } from './block-store.ts';
import { commitBatch, Stalled } from './commit-batch.ts';
import { asDamage } from './damage.ts';

export interface ChainParts {
  readonly env: RootDatabase;
  readonly blocks: BlockStore;
  readonly state: StateDb;
  /** Where the database is, for people. */
  readonly path: string;
  /** Told once, when the database takes no more writes. */
  readonly onFailure: (error: NodeError) => void;
}

/** A block with the state that it leads to, verified and not yet stored. */
export interface ExecutedBlock {
  readonly block: Block;
  readonly update: StateUpdate;
}

/** What the consensus says of a block that is stored. */
export interface Standing {
  /** Why it is final, if it is. */
  readonly justification: Justification | undefined;
  /** Whether the validator set changes with it. */
  readonly endsSet: boolean;
}

/**
 * Blocks and their states, always in step: a block is stored with its state, or neither is. One call that writes has to end before
 * the next one begins.
 */
export class Chain {
  readonly blocks: BlockStore;
  readonly state: StateDb;
  readonly #env: RootDatabase;
  readonly #path: string;
  readonly #onFailure: (error: NodeError) => void;
  #failure: NodeError | undefined;
  /** As on disk, and as they were while a commit is under way. */
  readonly #marks = new Map<Mark, BlockId>();

  constructor({ env, blocks, state, path, onFailure }: ChainParts) {
    this.#path = path;
    this.#onFailure = onFailure;
    this.#env = env;
    this.blocks = blocks;
    this.state = state;
  }

  genesis(): BlockId {
    return this.#mark('genesis');
  }

  best(): BlockId {
    return this.#mark('best');
  }

  finalized(): BlockId {
    return this.#mark('finalized');
  }

  /** Undefined above the best block: what is being committed may be seen already, and may still vanish with the power. */
  hashAt(number: number): Hash | undefined {
    return number <= this.best().number ? this.blocks.hashAt(number) : undefined;
  }

  /** Blocks above this number with which a set of validators ends, from the lowest on, none of them above the best block. */
  *setEnds(above: number): Generator<BlockId> {
    const best = this.best();
    for (const end of this.blocks.setEnds(above)) if (end.number <= best.number) yield end;
  }

  /** The block with its state, to build upon or to ask. Throws NODE_STATE_UNAVAILABLE when that isn't kept. */
  parent({ hash, number }: BlockId): Parent {
    const header = this.blocks.header(hash);
    const state = header && this.state.at(hashBytes(header.stateRoot));
    if (header && state) return { hash, number, header, state };
    throw new NodeError('NODE_STATE_UNAVAILABLE', `The state of block #${number} ${hash} is not kept`);
  }

  /** Stores the first block of all, with these entries, in the order of their keys, as its state: all of it, or nothing. */
  begin(entries: Iterable<GenesisEntry>): void {
    this.#commitNow(() => {
      const block = genesisBlock(this.state.fill(entries));
      this.blocks.put(block);
      for (const mark of MARKS) this.blocks.setMark(mark, block);
      return this.state.finalize({ number: block.number, hash: hashBytes(block.hash) });
    });
  }

  /**
   * Stores a block on top of the best one: its body, its state and, where there is a justification, that it is final, in one
   * transaction, which LMDB carries out in a thread of its own. On disk when this resolves; until then the chain answers as it
   * was before. Rejects with NODE_STORAGE, and with NODE_BLOCK_REFUSED for a block that stands elsewhere.
   */
  async append(executed: ExecutedBlock, standing: Standing): Promise<void> {
    const best = this.best();
    const { block } = executed;
    if (block.header.parentHash !== best.hash) {
      throw new NodeError(
        'NODE_BLOCK_REFUSED',
        `Block #${block.number} ${block.hash} is not on top of ${best.hash}`,
      );
    }
    await this.#commit(this.#stage(executed, standing));
  }

  /** Makes a block of the chain final, and with it those before it. On disk when this resolves. Rejects with NODE_STORAGE. */
  async finalize(block: BlockId, justification: Justification): Promise<void> {
    await this.#commit(this.#stageFinal(block, justification));
  }

  /**
   * The block with which the set of validators ended and which waits for its votes, if it stands below this number: it has to be
   * final before anything behind it.
   */
  endOfSet(below: number): BlockId | undefined {
    const [first] = this.setEnds(this.finalized().number);
    return first && first.number < below ? first : undefined;
  }

  /** Takes the best block back, in one transaction. Throws StateError STATE_UNAVAILABLE when its parent's state is gone. */
  revertBest(): BlockId {
    const best = this.best();
    const { header } = this.parent(best);
    const parent = this.parent({ hash: header.parentHash, number: best.number - 1 });
    this.#commitNow(() => this.#stageRevert(best, parent));
    return { hash: parent.hash, number: parent.number };
  }

  *#stage(executed: ExecutedBlock, { justification, endsSet }: Standing): Generator<void> {
    yield* this.#stageBlock(executed);
    if (endsSet) this.blocks.putSetEnd(executed.block);
    if (justification) yield* this.#stageFinal(executed.block, justification);
  }

  *#stageFinal(block: BlockId, justification: Justification): Generator<void> {
    this.blocks.putJustification(block.hash, justification);
    this.blocks.setMark('finalized', block);
    yield* this.state.finalize({ number: block.number, hash: hashBytes(block.hash) });
  }

  *#stageRevert(best: BlockId, parent: Parent): Generator<void> {
    const parentRoot = hashBytes(parent.header.stateRoot);
    yield* this.state.revert({ number: best.number, hash: hashBytes(best.hash) }, parentRoot);
    this.blocks.remove(best);
    this.blocks.setMark('best', parent);
    if (this.finalized().number > parent.number) this.blocks.setMark('finalized', parent);
  }

  *#stageBlock({ block, update }: ExecutedBlock): Generator<void> {
    this.blocks.put(block);
    this.blocks.setMark('best', block);
    yield;
    const parentHash = hashBytes(block.header.parentHash);
    yield* this.state.write({ number: block.number, hash: hashBytes(block.hash), parentHash }, update);
  }

  /**
   * Stages in slices, and hands all of it to LMDB in one turn. Either all of it is on disk when this resolves, or nothing. Rejects
   * with NODE_STORAGE, and with what the staging throws.
   */
  async #commit(staging: Iterable<void>): Promise<void> {
    if (this.#failure) throw this.#failure;
    // From here on the database may be ahead of what was announced.
    for (const mark of MARKS) this.#mark(mark);
    await this.#stageInSlices(staging);
    try {
      await commitBatch(this.#env, () => this.#flush());
    } catch (error) {
      // What may still be written is for good in the state that it has during a commit.
      if (!(error instanceof Stalled)) this.#settle();
      throw this.#fail(error);
    }
    this.#settle();
  }

  async #stageInSlices(staging: Iterable<void>): Promise<void> {
    try {
      const slices = new Slices();
      // Signing or checking what comes here has taken a slice already.
      await slices.rest();
      for (const _ of staging) if (slices.isOver) await slices.rest();
      await slices.rest();
    } catch (error) {
      this.#settle();
      throw isForeseen(error) ? error : this.#fail(error);
    }
  }

  /** The same at once, in a synchronous transaction, in which `stage` may also write what is too much to be staged. */
  #commitNow(stage: () => Iterable<void>): void {
    if (this.#failure) throw this.#failure;
    try {
      this.#env.transactionSync(() => {
        for (const _ of stage()) continue;
        this.#flush();
      });
    } catch (error) {
      throw isForeseen(error) ? error : this.#fail(error);
    } finally {
      this.#settle();
    }
  }

  #flush(): void {
    this.blocks.flush();
    this.state.flush();
  }

  #settle(): void {
    this.#marks.clear();
    this.blocks.clear();
    this.state.settle();
  }

  /** LMDB refuses everything behind a write that failed: the node has to begin afresh, on what was committed before. */
  #fail(cause: unknown): NodeError {
    const known = asDamage(this.#path, cause);
    this.#failure = known instanceof NodeError ? known : notWritten(this.#path, cause);
    this.#onFailure(this.#failure);
    return this.#failure;
  }

  #mark(mark: Mark): BlockId {
    const known = this.#marks.get(mark);
    if (known) return known;
    const block = this.blocks.mark(mark);
    if (block) {
      this.#marks.set(mark, block);
      return block;
    }
    throw new NodeError(
      'NODE_DATABASE_FORMAT',
      `The database does not know its ${mark} block: it is damaged`,
    );
  }
}

function notWritten(path: string, cause: unknown): NodeError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NodeError(
    'NODE_STORAGE',
    `Nothing more can be written to ${path} (${reason}). Nothing that was announced is lost: make room and start the node again.`,
    { cause },
  );
}

const MARKS: readonly Mark[] = ['genesis', 'best', 'finalized'];

/** What the staging itself found wrong, before anything was written. */
const isForeseen = (error: unknown): boolean => error instanceof StateError || error instanceof NodeError;
