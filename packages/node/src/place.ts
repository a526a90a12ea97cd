import type { Consensus, Parent } from './consensus/consensus.ts';
import { NodeError } from './errors.ts';
import type { Hash, Header } from './header.ts';
import type { Logger } from './logger.ts';
import type { Chain } from './storage/chain.ts';

export interface PlaceParts {
  readonly chain: Chain;
  readonly consensus: Consensus;
  readonly logger: Logger;
}

interface Candidate {
  readonly hash: Hash;
  readonly header: Header;
}

/** So many blocks may wait for finality; then the chain waits for votes. */
export const MAX_UNFINALIZED = 1024;

/**
 * The block on which `candidate` stands, when that is the best one: this chain has one branch. Throws NODE_BLOCK_KNOWN,
 * NODE_BLOCK_ORPHAN for one whose parent has to come first, NODE_BLOCK_REFUSED for a rival of a block that is here, and
 * NODE_BUSY when too many blocks wait for finality.
 */
export function placeOf({ hash, header }: Candidate, parts: PlaceParts): Parent {
  const { chain } = parts;
  const best = chain.best();
  if (chain.blocks.header(hash)) {
    throw new NodeError('NODE_BLOCK_KNOWN', `Block #${header.number} ${hash} is here already`);
  }
  if (header.parentHash !== best.hash) throw misplaced({ hash, header }, parts);
  requireRoom(chain);
  return chain.parent(best);
}

/** Throws NODE_BUSY when too many blocks wait for finality. */
export function requireRoom(chain: Chain): void {
  const waiting = chain.best().number - chain.finalized().number;
  if (waiting < MAX_UNFINALIZED) return;
  throw new NodeError('NODE_BUSY', `${waiting} blocks wait for finality: no other one is taken before`);
}

function misplaced({ hash, header }: Candidate, { chain, consensus, logger }: PlaceParts): NodeError {
  const { number, parentHash } = header;
  const place = `Block #${number} ${hash}`;
  const known = chain.blocks.header(parentHash);
  if (!known) {
    const advice =
      number === 1
        ? `but this chain begins with ${chain.blocks.hashAt(0)}: it is of another one`
        : 'which is not here: import that first';
    return new NodeError('NODE_BLOCK_ORPHAN', `${place} stands on ${parentHash}, ${advice}`);
  }
  const first = chain.blocks.hashAt(known.number + 1) ?? 'none';
  const rival = first === 'none' ? undefined : chain.blocks.header(first);
  if (isSealed({ hash, header }, { chain, consensus })) {
    if (rival) consensus.equivocated?.(rival, header);
    logger.warn(
      { number, first, second: hash },
      'The author sealed two blocks of one height; the first one stays',
    );
  }
  return new NodeError('NODE_BLOCK_REFUSED', `${place} is refused: ${first} is the block on that place`);
}

/** Whether the author of the chain really made this rival: without the parent's state nobody can tell. */
function isSealed({ header }: Candidate, { chain, consensus }: Omit<PlaceParts, 'logger'>): boolean {
  try {
    consensus.verify(header, chain.parent({ hash: header.parentHash, number: header.number - 1 }));
    return true;
  } catch (error) {
    if (error instanceof NodeError) return false;
    throw error;
  }
}
