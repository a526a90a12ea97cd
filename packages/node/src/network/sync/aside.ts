/** For how long a peer that failed is left alone, in ms; twice as long with each failure in a row. */
const LEAST_MS = 5_000;
const MOST_MS = 300_000;
/** Peers at most; the one that failed first is forgotten first. */
const MOST = 1_024;

interface Failure {
  readonly until: number;
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
    this.#failures.set(peer, { pause, until: this.#now() + pause });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** Whether the peer is to be left alone for now. */
  has(peer: string): boolean {
    return (this.#failures.get(peer)?.until ?? 0) > this.#now();
  }

  /** Whether the peer failed and has not kept its word since: what it claims is not believed. */
  isSuspect(peer: string): boolean {
    return this.#failures.has(peer);
  }

  forgive(peer: string): void {
    this.#failures.delete(peer);
  }
}
