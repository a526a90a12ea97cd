import type { Runtime, StateReader } from '@hamster/frame';
import type { Header } from '../header.ts';
import { isSealedBy, refused, sealHeader, slotDigest, slotOf, verifySeal } from './aura.ts';
import type { Consensus, Parent, Proposal, ProposalMode, ValidatorSet } from './consensus.ts';
import { changesVoters, justify, verifyJustification } from './grandpa.ts';
import { signerOf, type ConsensusKeys } from './keys.ts';
import { slotDurationOf, validatorsOf } from './runtime-validators.ts';

export interface ConsensusParts {
  readonly runtime: Runtime;
  readonly keys: ConsensusKeys;
}

/** So far ahead of the clock the parent may be before its author stops to wait for the clock, in slots. */
const PATIENCE = 2n;

/**
 * Blocks are sealed by turns as in Aura, and final as soon as they are made, when the node's own votes suffice as in GRANDPA.
 * With one author, who holds both keys, every block is final at once, and light clients of Substrate can check it.
 */
export function singleAuthor({ runtime, keys }: ConsensusParts): Consensus {
  const validators = (state: StateReader) => validatorsOf(runtime, state);
  return {
    validators,
    interval: (state) => Number(slotDurationOf(runtime, state)),
    propose(parent, now, mode) {
      const set = validators(parent.state);
      const duration = slotDurationOf(runtime, parent.state);
      return nextTurn({ parent, now, mode, set, duration, keys });
    },
    verify(header, parent) {
      verifyPlace(header, parent);
      const { authors } = validators(parent.state);
      const author = authorOf(authors, slotOf(header));
      if (!author) throw refused(header, 'the chain has no author');
      verifySeal(header, author);
    },
    isOurs(header, state) {
      if (keys.authors.length === 0) return false;
      const author = authorOf(validators(state).authors, slotOf(header));
      return (
        author !== undefined && signerOf(keys.authors, author) !== undefined && isSealedBy(header, author)
      );
    },
    timing(header, state) {
      const duration = slotDurationOf(runtime, state);
      const turns = BigInt(validators(state).authors.length);
      return { time: slotOf(header) * duration, round: duration * turns };
    },
    endsSet: changesVoters,
    decide: (block, parent) => justify(block, validators(parent.state), keys.voters),
    verifyFinality: (block, parent, justification) =>
      verifyJustification(block, validators(parent.state), justification),
  };
}

interface TurnQuestion {
  readonly parent: Parent;
  readonly now: bigint;
  readonly mode: ProposalMode;
  readonly set: ValidatorSet;
  /** In ms. */
  readonly duration: bigint;
  readonly keys: ConsensusKeys;
}

function nextTurn({ parent, now, mode, set, duration, keys }: TurnQuestion): Proposal | undefined {
  const [taken, current] = [slotOf(parent.header), now / duration];
  const isAhead = taken > current + PATIENCE;
  // When the clock was set back, time on chain goes on by itself, since leases do not wait for the clock; at half the pace, so that
  // the clock comes up: light clients take no blocks of the future.
  if (mode === 'due' && isAhead && current % 2n === 1n) return undefined;
  const waits = mode === 'due' && !isAhead;
  const first = current > taken ? current : taken + 1n;
  const last = waits ? current : first + BigInt(set.authors.length);
  for (let slot = first; slot <= last; slot++) {
    const key = authorOf(set.authors, slot);
    const author = key && signerOf(keys.authors, key);
    if (!author) continue;
    const start = slot * duration;
    return {
      timestamp: now > start ? now : start,
      digest: [slotDigest(slot)],
      seal: (header) => sealHeader(header, author),
    };
  }
  return undefined;
}

function verifyPlace(header: Header, parent: Parent): void {
  if (header.number !== parent.number + 1 || header.parentHash !== parent.hash) {
    throw refused(header, `it is not the one behind #${parent.number} ${parent.hash}`);
  }
  if (slotOf(header) <= slotOf(parent.header))
    throw refused(header, 'its slot is not later than its parent’s');
}

function authorOf(authors: readonly Uint8Array[], slot: bigint): Uint8Array | undefined {
  return authors.length > 0 ? authors[Number(slot % BigInt(authors.length))] : undefined;
}
