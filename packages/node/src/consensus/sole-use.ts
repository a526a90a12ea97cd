import type { Hash, Header } from '../header.ts';
import { encodeHeader, headerHash } from '../header-codec.ts';
import { NodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Chain } from '../storage/chain.ts';
import { RecentSet } from '../signatures/recent-set.ts';
import type { Consensus, Parent, Proposal } from './consensus.ts';

export interface SoleUseParts {
  readonly consensus: Consensus;
  readonly chain: Pick<Chain, 'best' | 'parent'> & { readonly blocks: Pick<Chain['blocks'], 'header'> };
  /** Whether this node knows what the others know. */
  readonly mayAuthor: () => boolean;
  /** Wall clock in ms. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** A consensus whose keys are used by this node alone, or not at all. */
export interface SoleUse {
  readonly consensus: Consensus;
  /** The same proposal, what it seals known as made here. */
  own(proposal: Proposal): Proposal;
  /** Whether the keys may be used now. */
  maySign(): boolean;
  /** Looks at a header that a peer showed, of whatever branch. */
  seen(header: Header): void;
}

/** Blocks of which is remembered that they were made here: those that are not on the chain yet, above all. */
const MOST_MADE = 1024;

const IN_USE =
  'The keys of this node are in use elsewhere: a block that was not made here is sealed with them. This node only follows from now on. Stop one of the two, then start this one again.';
const FORKED =
  'Others have a block that is sealed with the keys of this node, and it is not here: this node began from an old copy of its data. It only follows from now on. Stop it, run purge-chain, and start it again with a node that has the blocks as its boot node.';

/**
 * Keeps the keys of a node from making a second branch. It proposes nothing before it knows what the others know, and never
 * again, nor votes, once it sees a block that its keys sealed and it did not make.
 */
export function soleUse({ consensus, chain, mayAuthor, now, logger }: SoleUseParts): SoleUse {
  const started = now();
  const made = new RecentSet(MOST_MADE);
  let [hasSealed, isStopped] = [false, false];

  /** Sealed since this node runs. By more than a turn, for the sake of clocks that differ and of one's own last block. */
  function isFresh(header: Header, { state }: Pick<Parent, 'state'>): boolean {
    const { time, round } = consensus.timing(header, state);
    return time >= BigInt(started) + round;
  }

  /** Old blocks of one's own are what a node catches up with, as long as it has made none itself. */
  function look(header: Header, parent: Pick<Parent, 'state'>): void {
    const hash: Hash = headerHash(encodeHeader(header));
    if (isStopped || made.has(hash) || !consensus.isOurs(header, parent.state)) return;
    const fresh = isFresh(header, parent);
    if (!hasSealed && !fresh) return;
    isStopped = true;
    logger.error({ number: header.number, hash }, fresh ? IN_USE : FORKED);
  }

  const maySign = (): boolean => !isStopped && mayAuthor();

  const own = (proposal: Proposal): Proposal => ({
    ...proposal,
    seal(header) {
      hasSealed = true;
      const sealed = proposal.seal(header);
      made.add(headerHash(encodeHeader(sealed)));
      return sealed;
    },
  });

  return {
    maySign,
    own,
    consensus: {
      ...delegated(consensus),
      propose(parent, time, mode) {
        if (!maySign()) return undefined;
        const proposal = consensus.propose(parent, time, mode);
        return proposal && own(proposal);
      },
      verify(header, parent) {
        consensus.verify(header, parent);
        look(header, parent);
      },
      decide: (block, parent) => (isStopped ? undefined : consensus.decide(block, parent)),
    },
    seen(header) {
      if (isStopped || chain.blocks.header(headerHash(encodeHeader(header)))) return;
      try {
        look(header, chain.parent(chain.best()));
      } catch (error) {
        // What is no header of this consensus tells nothing.
        if (!(error instanceof NodeError)) throw error;
      }
    },
  };
}

/** Every method by its own object: an engine may well be a class. */
const delegated = (engine: Consensus): Consensus => ({
  validators: (state) => engine.validators(state),
  interval: (state) => engine.interval(state),
  propose: (parent, now, mode) => engine.propose(parent, now, mode),
  verify: (header, parent) => engine.verify(header, parent),
  isOurs: (header, state) => engine.isOurs(header, state),
  timing: (header, state) => engine.timing(header, state),
  endsSet: (header) => engine.endsSet(header),
  decide: (block, parent) => engine.decide(block, parent),
  equivocated: (first, second) => engine.equivocated?.(first, second),
  verifyFinality: (block, parent, justification) => engine.verifyFinality(block, parent, justification),
  start: (host) => engine.start?.(host) ?? (() => undefined),
});
