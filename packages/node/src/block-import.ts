import type { DecodedExtrinsic, Runtime } from '@hamster/frame';
import type { BlockEvent } from './backend.ts';
import { NodeError } from './errors.ts';
import { verifyBlock, type ForeignBlock } from './execution/verify-block.ts';
import { encodeHeader, headerHash } from './header-codec.ts';
import type { Hash } from './header.ts';
import type { Logger } from './logger.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain, ExecutedBlock } from './storage/chain.ts';

export interface ImportParts {
  readonly chain: Chain;
  readonly runtime: Runtime;
  readonly pool: TransactionPool;
  readonly verifier: SignatureVerifier;
  readonly logger: Logger;
}

export type BlockListener = (event: BlockEvent) => void;

/** The one way for a block into the chain: stores it, then tells the pool, then everybody else. */
export class BlockImport {
  readonly #parts: ImportParts;
  readonly #listeners = new Set<BlockListener>();

  constructor(parts: ImportParts) {
    this.#parts = parts;
  }

  onBlock(listener: BlockListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stores a block that was executed here. */
  append(executed: ExecutedBlock, extrinsics: readonly DecodedExtrinsic[]): BlockEvent {
    const { chain } = this.#parts;
    const before = chain.finalized();
    const final = chain.append(executed);
    const { hash, number, header } = executed.block;
    this.#isolate('The pool could not follow a block', hash, () => {
      this.#updatePool(executed, extrinsics, { from: before.number + 1, to: final.number });
    });
    const event = { hash, number, header, isBest: true, finalized: final.number >= number };
    for (const listener of [...this.#listeners]) {
      this.#isolate('A listener to blocks failed', hash, () => listener(event));
    }
    return event;
  }

  /** Executes a block made elsewhere and stores it if it is right. Rejects with NODE_BLOCK_REFUSED. */
  async receive(block: ForeignBlock): Promise<BlockEvent> {
    const { chain, runtime, verifier } = this.#parts;
    chain.consensus.verify(block.header);
    const best = chain.best();
    const header = chain.blocks.header(best.hash);
    if (!header || block.header.parentHash !== best.hash) {
      const message = `Block #${block.header.number} is not on top of the best one, ${best.hash}`;
      throw new NodeError('NODE_BLOCK_REFUSED', message);
    }
    const parent = { ...best, header };
    const {
      block: executed,
      update,
      extrinsics,
    } = await verifyBlock({ runtime, verifier, state: chain.state }, parent, block);
    const encodedHeader = encodeHeader(block.header);
    const sealed = { ...executed, header: block.header, encodedHeader, hash: headerHash(encodedHeader) };
    return this.append({ block: sealed, update }, extrinsics);
  }

  #updatePool(
    { block }: ExecutedBlock,
    extrinsics: readonly DecodedExtrinsic[],
    finalized: { readonly from: number; readonly to: number },
  ): void {
    const { chain, pool } = this.#parts;
    pool.imported({ block: block.hash, number: block.number, extrinsics });
    for (let number = finalized.from; number <= finalized.to; number++) {
      const hash = chain.blocks.hashAt(number);
      if (hash) pool.finalized(hash);
    }
  }

  /** The block is stored: whoever fails over the news must not keep it from the others. */
  #isolate(what: string, block: Hash, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#parts.logger.error({ err: error, block }, what);
    }
  }
}
