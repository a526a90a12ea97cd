/** For how long a peer that failed is left alone, in ms; twice as long with each failure in a row. */
const LEAST_MS = 5_000;
const MOST_MS = 300_000;
/** At most, where nobody else has what it claims to have: to ask somebody dubious again is better than to stand still. */
export const MOST_ALONE_MS = 15_000;
/** Peers at most; the one that failed first is forgotten first. */
const MOST = 1_024;

interface Failure {
  readonly since: number;
  readonly pause: number;
}

/** Peers that failed lately when they were asked for blocks. `now` is a monotonic clock in ms. */
export class Aside {
  readonly #failures = new Map<string, Failure>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(peer: string): void {
    const before = this.#failures.get(peer)?.pause ?? LEAST_MS / 2;
    const pause = Math.min(before * 2, MOST_MS);
    this.#failures.delete(peer);
    this.#failures.set(peer, { pause, since: this.#now() });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Whether the peer is to be left alone for now, which is never for longer than `most` ms. */
  has(peer: string, most = MOST_MS): boolean {
    const failure = this.#failures.get(peer);
    return failure !== undefined && failure.since + Math.min(failure.pause, most) > this.#now();
  }

  /** Whether the peer failed and has not kept its word since: what it claims is not believed. */
  isSuspect(peer: string): boolean {
    return this.#failures.has(peer);
  }

  forgive(peer: string): void {
    this.#failures.delete(peer);
  }
}
