import type { Logger } from '../../logger.ts';
import type { ChainAccess } from '../chain-access.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Peers } from '../peers.ts';

export interface CatchUpParts {
  readonly chain: Pick<ChainAccess, 'best' | 'pace'>;
  readonly peers: Pick<Peers, 'full'>;
  readonly limits: Pick<NetworkLimits, 'witnessMs'>;
  /** Peer ids of those who are to be heard; anybody where there are none. */
  readonly bootnodes: ReadonlySet<string>;
  /** Number of the highest block that anybody claims to have who is believed. */
  readonly highest: () => number;
  readonly logger: Logger;
  /** Monotonic clock in ms. */
  readonly now?: () => number;
}

/** A best block that is older may be that of an old copy: others would know more. */
const STALE_MS = 60_000;
/** An author listens for so long before it begins: another one with the same keys is heard by then. */
const ROUNDS = 3;

/**
 * When an author may begin. One from an old copy of its data would make the blocks again that everybody else has, and nobody
 * would ever take them; with one author its full nodes are all who know. So it waits for somebody to say how far the chain is,
 * and for the blocks; but a claim holds it up only as long as there come blocks.
 */
export class CatchUp {
  readonly #parts: CatchUpParts;
  readonly #now: () => number;
  readonly #begun: number;
  readonly #listenMs: number;
  #isDone: boolean;
  #best: number;
  #progress: number;

  constructor(parts: CatchUpParts) {
    this.#parts = parts;
    this.#now = parts.now ?? (() => performance.now());
    this.#begun = this.#progress = this.#now();
    const { ageMs, roundMs } = parts.chain.pace();
    this.#listenMs = roundMs * ROUNDS;
    this.#best = parts.chain.best().number;
    const isStale = this.#best > 0 && ageMs > Math.max(STALE_MS, this.#listenMs);
    this.#isDone = parts.bootnodes.size === 0 && !isStale;
  }

  /** To be asked again and again; once it is so, it remains so. */
  isDone(): boolean {
    return (this.#isDone ||= this.#hasAll() || this.#isTooLong());
  }

  #hasAll(): boolean {
    const { chain, highest, logger } = this.#parts;
    const best = chain.best().number;
    if (best !== this.#best) [this.#best, this.#progress] = [best, this.#now()];
    const hasListened = this.#now() - this.#begun >= this.#listenMs;
    if (!hasListened || !this.#hasWitness() || highest() > best) return false;
    logger.info({ number: best }, 'All that the peers have is here: this node may author');
    return true;
  }

  #isTooLong(): boolean {
    const { limits, logger } = this.#parts;
    if (this.#now() - this.#progress < Math.max(limits.witnessMs, this.#listenMs)) return false;
    const why = this.#hasWitness()
      ? 'Peers claim to have blocks, and do not send them'
      : 'No other node could be asked how far the chain is';
    logger.warn(
      { number: this.#best },
      `${why}: this node authors on what it has. If that is an old copy, stop it at once.`,
    );
    return true;
  }

  #hasWitness(): boolean {
    const { peers, bootnodes } = this.#parts;
    return peers.full().some(({ id }) => bootnodes.size === 0 || bootnodes.has(id));
  }
}
