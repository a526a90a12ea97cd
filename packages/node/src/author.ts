import type { DecodedExtrinsic, Runtime } from '@hamster/frame';
import type { BlockEvent } from './backend.ts';
import type { BlockImport } from './block-import.ts';
import { ClockWatch } from './clock-watch.ts';
import type { Consensus, Parent, Proposal, ProposalMode } from './consensus/consensus.ts';
import { NodeError } from './errors.ts';
import { buildBlock, type BuildTask, type BuiltBlock } from './execution/build-block.ts';
import { givenOrder } from './execution/given-order.ts';
import { upgradeDigest } from './execution/rules-version.ts';
import { extrinsicHash } from './hash.ts';
import { encodeHeader, headerHash } from './header-codec.ts';
import type { Hash } from './header.ts';
import type { ForeignBlock } from './execution/verify-block.ts';
import type { Logger } from './logger.ts';
import { requireRoom } from './place.ts';
import type { TransactionPool } from './pool/pool.ts';
import type { SignatureVerifier } from './signatures/verifier.ts';
import type { Chain } from './storage/chain.ts';

export interface AuthorParts {
  readonly chain: Chain;
  readonly consensus: Consensus;
  readonly runtime: Runtime;
  readonly pool: TransactionPool;
  readonly verifier: SignatureVerifier;
  readonly blocks: BlockImport;
  /** Wall clock in ms. */
  readonly now: () => number;
  /** How long a block may be filled, in ms. */
  readonly budget: number;
  readonly logger: Logger;
  /** Told of each block that was made. */
  readonly authored: (made: AuthoredBlock) => void;
}

/** What it took to make a block. */
export interface AuthoredBlock {
  readonly hash: Hash;
  readonly ms: number;
  readonly transactions: number;
}

/** Makes blocks on top of the best one, when it is this node's turn. */
export class Author {
  readonly #parts: AuthorParts;
  readonly #clock: ClockWatch;

  constructor(parts: AuthorParts) {
    this.#parts = parts;
    this.#clock = new ClockWatch(parts);
  }

  /**
   * Makes and stores the next block, in turn with the blocks that come from elsewhere; undefined when it is not this node's
   * turn. It is made of the pool, or of what is `given` and nothing else. Rejects with what the runtime throws, and with
   * NODE_NOT_INCLUDED, and no block made, when it does not take all that is given.
   */
  author(mode: ProposalMode, given?: readonly DecodedExtrinsic[]): Promise<BlockEvent | undefined> {
    return this.#parts.blocks.inTurn(() => this.#make(mode, given));
  }

  /** A block of the pool for a turn that the consensus has found by itself, to be agreed on: nothing is stored. */
  build(proposal: Proposal): Promise<ForeignBlock> {
    return this.#parts.blocks.inTurn(async () => {
      const { chain, pool, blocks, budget } = this.#parts;
      requireRoom(chain);
      const limits = within(budget, blocks);
      const filling = { order: await pool.order(), ...limits };
      const built = await this.#build(chain.parent(chain.best()), proposal, filling);
      for (const { hash, broken } of built.rejected) pool.discard(hash, { ban: broken });
      const { header, body } = seal(built, proposal).block;
      return { header, body };
    });
  }

  async #make(mode: ProposalMode, given?: readonly DecodedExtrinsic[]): Promise<BlockEvent | undefined> {
    const { chain, consensus, pool, blocks, now, budget, logger, authored } = this.#parts;
    requireRoom(chain);
    const parent = chain.parent(chain.best());
    const proposal = consensus.propose(parent, BigInt(Math.floor(now())), mode);
    if (!proposal) return undefined;
    if (mode === 'due') this.#clock.made(Number(proposal.timestamp));
    const started = performance.now();
    const limits = within(budget, blocks);
    const order = given ? givenOrder(given) : await pool.order();
    const built = await this.#build(parent, proposal, { order, ...limits });
    if (given) requireAll(given, built);
    else for (const { hash, broken } of built.rejected) pool.discard(hash, { ban: broken });
    const { extrinsics } = built;
    const event = await blocks.append({ executed: seal(built, proposal), extrinsics }, parent);
    const ms = performance.now() - started;
    authored({ hash: event.hash, ms, transactions: extrinsics.length });
    const took = Math.round(ms);
    logger.info(
      { number: event.number, hash: event.hash, extrinsics: extrinsics.length, took },
      'Block made',
    );
    return event;
  }

  #build(
    parent: Parent,
    { timestamp, digest }: Proposal,
    filling: Pick<BuildTask, 'order' | 'isHalfOver' | 'isLate'>,
  ): Promise<BuiltBlock> {
    const { chain, runtime, verifier, logger } = this.#parts;
    return buildBlock(
      { runtime, verifier, logger, state: chain.state },
      {
        ...{ parent, timestamp, ...filling },
        digest: [...digest, ...upgradeDigest(runtime, parent.state)],
      },
    );
  }
}

/** How much of `budget`, ms from now, is over; all of it for a node that closes, which waits for the block. */
function within(budget: number, blocks: BlockImport): Pick<BuildTask, 'isHalfOver' | 'isLate'> {
  const started = performance.now();
  const isOver = (limit: number) => (): boolean => performance.now() - started > limit;
  const isLate = isOver(budget);
  return { isHalfOver: isOver(budget / 2), isLate: () => blocks.isStopping || isLate() };
}

function requireAll(given: readonly DecodedExtrinsic[], { extrinsics }: BuiltBlock): void {
  const included = new Set(extrinsics.map(({ extrinsic }) => extrinsic));
  const missing = given.find((wanted) => !included.has(wanted));
  if (!missing) return;
  throw new NodeError(
    'NODE_NOT_INCLUDED',
    `The next block cannot hold transaction ${extrinsicHash(missing.bytes)}: it is not valid there, or there is no room. No block was made.`,
  );
}

function seal({ block, update }: BuiltBlock, proposal: Proposal): Pick<BuiltBlock, 'block' | 'update'> {
  const header = proposal.seal(block.header);
  const encodedHeader = encodeHeader(header);
  return { block: { ...block, header, encodedHeader, hash: headerHash(encodedHeader) }, update };
}
