import type { Runtime } from '@hamster/frame';
import type { BlockEvent, BlockId, FinalityEvent } from './backend.ts';
import type { Consensus, Justification, Parent } from './consensus/consensus.ts';
import { NodeError } from './errors.ts';
import type { HashedExtrinsic } from './execution/hashed-extrinsic.ts';
import { verifyBlock, type ForeignBlock } from './execution/verify-block.ts';
import { encodeHeader, headerHash } from './header-codec.ts';
import type { Hash } from './header.ts';
import { ImportQueue } from './import-queue.ts';
import { Listeners } from './listeners.ts';
import type { Logger } from './logger.ts';
import { placeOf } from './place.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain, ExecutedBlock } from './storage/chain.ts';

export interface ImportParts {
  readonly chain: Chain;
  readonly consensus: Consensus;
  readonly runtime: Runtime;
  readonly pool: TransactionPool;
  readonly verifier: SignatureVerifier;
  readonly logger: Logger;
}

/** A block that was executed here, and what it holds. */
export interface BlockWithContent {
  readonly executed: ExecutedBlock;
  readonly extrinsics: readonly HashedExtrinsic[];
}

/** What a block finds that is to become final. */
interface Before {
  /** Number of the latest final block. */
  readonly finalized: number;
  /** Of the set of validators that makes the block final. */
  readonly setId: bigint;
}

/** The one way for a block into the chain: stores it, then tells the pool, then everybody else. */
export class BlockImport {
  readonly #parts: ImportParts;
  readonly #queue = new ImportQueue();
  /** A step of its own, so that votes need not wait for a block that is being made. */
  readonly #writes = new ImportQueue();
  readonly #imported: Listeners<BlockEvent>;
  readonly #finalized: Listeners<FinalityEvent>;

  constructor(parts: ImportParts) {
    this.#parts = parts;
    this.#imported = new Listeners(parts.logger, 'A listener to blocks failed');
    this.#finalized = new Listeners(parts.logger, 'A listener to final blocks failed');
  }

  onBlock(listener: (event: BlockEvent) => void): () => void {
    return this.#imported.add(listener);
  }

  onFinalized(listener: (event: FinalityEvent) => void): () => void {
    return this.#finalized.add(listener);
  }

  /**
   * Stores a block that was executed here, on top of `parent`. Without a justification from elsewhere the votes of this node
   * may suffice for one; neither counts while the end of an earlier set of validators waits for its own. On disk and announced
   * when this resolves. Rejects with NODE_STORAGE.
   */
  append(content: BlockWithContent, parent: Parent, given?: Justification): Promise<BlockEvent> {
    return this.#writes.run(() => this.#append(content, parent, given));
  }

  async #append(
    { executed, extrinsics }: BlockWithContent,
    parent: Parent,
    given?: Justification,
  ): Promise<BlockEvent> {
    const { chain, consensus, pool } = this.#parts;
    const { hash, number, header } = executed.block;
    const justification = chain.endOfSet(number)
      ? undefined
      : (given ?? consensus.decide(executed.block, parent));
    const before = justification && this.#before(parent);
    await chain.append(executed, { justification, endsSet: consensus.endsSet(header) });
    this.#tellPool(hash, () => pool.imported({ block: hash, number, extrinsics }));
    const event = { hash, number, header, isBest: true };
    this.#imported.tell(event);
    if (before) this.#tellFinal(executed.block, justification, before);
    return event;
  }

  /** Runs what needs the chain to stand still meanwhile. Rejects with NODE_BUSY, and with what the task rejects with. */
  inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(task);
  }

  /**
   * Executes a block made elsewhere and stores it if it is right; nothing changes if it is not. Blocks are taken one after
   * the other, in the order of the calls. Rejects with NODE_BLOCK_REFUSED, NODE_BLOCK_KNOWN, NODE_BLOCK_ORPHAN or NODE_BUSY.
   */
  receive(block: ForeignBlock): Promise<BlockEvent> {
    return this.inTurn(() => this.#receive(block));
  }

  /**
   * Takes votes that make a block of the chain final; no-op when it is already. On disk when this resolves. Rejects with
   * NODE_BLOCK_REFUSED, NODE_BLOCK_ORPHAN when it is not on the chain, or another block has to be final first, and NODE_STORAGE.
   */
  finalize(hash: Hash, justification: Justification): Promise<void> {
    return this.#writes.run(() => this.#finalize(hash, justification));
  }

  /** Whether the node closes: what is under way should come to its end. */
  get isStopping(): boolean {
    return this.#queue.isStopped;
  }

  /** Begins nothing more, and resolves when what is under way has ended. */
  async stop(): Promise<void> {
    await this.#queue.stop();
    await this.#writes.stop();
  }

  async #finalize(hash: Hash, justification: Justification): Promise<void> {
    const { chain, consensus } = this.#parts;
    const header = chain.blocks.header(hash);
    if (!header || chain.blocks.hashAt(header.number) !== hash) {
      throw new NodeError('NODE_BLOCK_ORPHAN', `Block ${hash} is not on the chain: it cannot become final`);
    }
    const { number } = header;
    if (number <= chain.finalized().number) return;
    const first = chain.endOfSet(number);
    if (first) {
      throw new NodeError(
        'NODE_BLOCK_ORPHAN',
        `Block #${number} cannot be final yet: with #${first.number} a set of validators ended, so that comes first`,
      );
    }
    const parent = chain.parent({ hash: header.parentHash, number: number - 1 });
    consensus.verifyFinality({ hash, number }, parent, justification);
    const before = this.#before(parent);
    await chain.finalize({ hash, number }, justification);
    this.#tellFinal({ hash, number }, justification, before);
  }

  /** Executes a block made elsewhere, and stores nothing. Rejects as `receive` does. */
  check(block: ForeignBlock): Promise<void> {
    return this.inTurn(async () => {
      const { chain, consensus, runtime, verifier, logger } = this.#parts;
      const hash = headerHash(encodeHeader(block.header));
      const parent = placeOf({ hash, header: block.header }, { chain, consensus, logger });
      consensus.verify(block.header, parent);
      await verifyBlock({ runtime, verifier, state: chain.state }, parent, block);
    });
  }

  async #receive(block: ForeignBlock): Promise<BlockEvent> {
    const { chain, consensus, runtime, verifier, logger } = this.#parts;
    const { header, justification } = block;
    const encodedHeader = encodeHeader(header);
    const hash = headerHash(encodedHeader);
    const parent = placeOf({ hash, header }, { chain, consensus, logger });
    consensus.verify(header, parent);
    if (justification) consensus.verifyFinality({ hash, number: header.number }, parent, justification);
    const verified = await verifyBlock({ runtime, verifier, state: chain.state }, parent, block);
    const sealed = { ...verified.block, header, encodedHeader, hash };
    const executed = { block: sealed, update: verified.update };
    return this.append({ executed, extrinsics: verified.extrinsics }, parent, justification);
  }

  /** Looked at before a block is stored: then its parent's state may be pruned. */
  #before({ state }: Parent): Before {
    const { chain, consensus } = this.#parts;
    return { finalized: chain.finalized().number, setId: consensus.validators(state).id };
  }

  #tellFinal(block: BlockId, justification: Justification, { finalized, setId }: Before): void {
    const { chain, consensus, pool } = this.#parts;
    this.#tellPool(block.hash, () => {
      for (let number = finalized + 1; number <= block.number; number++) {
        const hash = chain.blocks.hashAt(number);
        if (hash) pool.finalized(hash);
      }
    });
    const validators = consensus.validators(chain.parent(block).state);
    const changed = validators.id !== setId;
    const { hash, number } = block;
    this.#finalized.tell({ hash, number, justification, ...(changed && { validators }) });
  }

  /** The block is stored: a pool that fails over it must not keep the news from the others. */
  #tellPool(block: Hash, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#parts.logger.error({ err: error, block }, 'The pool could not follow a block');
    }
  }
}
