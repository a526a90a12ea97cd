/**
 * The chain's time between its blocks, ms since 1970. This host's clock may be wrong or be set at any moment; what renters may do until
 * when must not depend on it. Never goes back: an older block tells nothing of now.
 */
export class ChainClock {
  readonly #steady: () => number;
  #base: number;
  #blockTime: number;

  /**
   * @param steady a clock that nobody sets, ms.
   * @param chainTime of the newest block now.
   */
  constructor(steady: () => number, chainTime: number) {
    this.#steady = steady;
    this.#base = chainTime - steady();
    this.#blockTime = chainTime;
  }

  /** As far as the chain's time can be by now, whether blocks come or not. */
  now(): number {
    return this.#base + this.#steady();
  }

  /** The time of the newest block that was seen. */
  blockTime(): number {
    return this.#blockTime;
  }

  /** Takes note of the time of a block: this host may have slept meanwhile. */
  saw(chainTime: number): void {
    this.#base = Math.max(this.#base, chainTime - this.#steady());
    this.#blockTime = Math.max(this.#blockTime, chainTime);
  }
}
