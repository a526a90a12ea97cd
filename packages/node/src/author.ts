import type { Runtime } from '@hamster/frame';
import type { BlockEvent } from './backend.ts';
import type { BlockImport } from './block-import.ts';
import { NodeError } from './errors.ts';
import { buildBlock } from './execution/build-block.ts';
import { nextTimestamp } from './execution/timestamp.ts';
import { hashBytes } from './hash.ts';
import type { Logger } from './logger.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain } from './storage/chain.ts';

export interface AuthorParts {
  readonly chain: Chain;
  readonly runtime: Runtime;
  readonly pool: TransactionPool;
  readonly verifier: SignatureVerifier;
  readonly blocks: BlockImport;
  /** Wall clock in ms. */
  readonly now: () => number;
  /** How long a block may be filled, in ms. */
  readonly budget: number;
  readonly logger: Logger;
}

/** Makes blocks on top of the best one. */
export class Author {
  readonly #parts: AuthorParts;

  constructor(parts: AuthorParts) {
    this.#parts = parts;
  }

  /** Makes and stores the next block. Throws what the runtime throws. */
  author(): BlockEvent {
    const { chain, runtime, pool, verifier, blocks, now, budget, logger } = this.#parts;
    const parent = this.#parent();
    const timestamp = nextTimestamp(parent.state, BigInt(Math.floor(now())));
    const proposal = chain.consensus.propose(parent, timestamp);
    const started = performance.now();
    const { block, update, extrinsics, rejected } = buildBlock(
      { runtime, verifier, logger, state: chain.state },
      {
        parent,
        timestamp,
        digest: proposal.digest,
        order: pool.order(),
        isLate: () => performance.now() - started > budget,
      },
    );
    for (const { hash, broken } of rejected) pool.discard(hash, { ban: broken });
    const event = blocks.append({ block, update }, extrinsics);
    const took = Math.round(performance.now() - started);
    logger.info(
      { number: block.number, hash: block.hash, extrinsics: extrinsics.length, took },
      'Block made',
    );
    return event;
  }

  #parent() {
    const { chain } = this.#parts;
    const best = chain.best();
    const header = chain.blocks.header(best.hash);
    const state = header && chain.state.at(hashBytes(header.stateRoot));
    if (!header || !state) {
      throw new NodeError('NODE_STATE_UNAVAILABLE', `The state of the best block ${best.hash} is not kept`);
    }
    return { ...best, header, state };
  }
}
