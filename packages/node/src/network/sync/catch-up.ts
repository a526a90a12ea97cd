import type { Logger } from '../../logger.ts';
import type { ChainAccess } from '../chain-access.ts';
import type { NetworkLimits } from '../limits.ts';
import type { Peer, Peers } from '../peers.ts';

export interface CatchUpParts {
  readonly chain: Pick<ChainAccess, 'best' | 'pace'>;
  readonly peers: Pick<Peers, 'full'>;
  readonly limits: Pick<NetworkLimits, 'witnessMs'>;
  /** Peer ids of those who are to be heard; anybody where there are none. */
  readonly bootnodes: ReadonlySet<string>;
  /** Number of the highest block that anybody claims to have who is believed. */
  readonly highest: () => number;
  /** Asks a peer whether it has nothing on top of the best block. May reject. */
  readonly isLast: (peer: Peer) => Promise<boolean>;
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
  #isAsking = false;
  /** Whether a witness that was asked at the end had nothing more, and no other one either. */
  #isLast = false;
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
    if (!hasListened || highest() > best) return false;
    if (!this.#isLast) {
      void this.#ask();
      return false;
    }
    logger.info({ number: best }, 'All that the peers have is here: this node may author');
    return true;
  }

  #isTooLong(): boolean {
    const { limits, logger } = this.#parts;
    if (this.#now() - this.#progress < Math.max(limits.witnessMs, this.#listenMs)) return false;
    const why =
      this.#witnesses().length > 0
        ? 'Peers claim to have blocks, and do not send them'
        : 'No other node could be asked how far the chain is';
    logger.warn(
      { number: this.#best },
      `${why}: this node authors on what it has. If that is an old copy, stop it at once.`,
    );
    return true;
  }

  /** News may be lost on the way: above all to one of two nodes that have one peer id, as copies do. */
  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const answers = await Promise.allSettled(this.#witnesses().map((peer) => this.#parts.isLast(peer)));
    const heard = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    this.#isLast = heard.length > 0 && heard.every(Boolean);
    this.#isAsking = false;
  }

  #witnesses(): readonly Peer[] {
    const { peers, bootnodes } = this.#parts;
    return peers.full().filter(({ id }) => bootnodes.size === 0 || bootnodes.has(id));
  }
}
