/**
 * The chain's time between its blocks, ms since 1970. This host's clock may be wrong or be set at any moment; what renters may do until
 * when must not depend on it. Never goes back: an older block tells nothing of now.
 */
export class ChainClock {
  readonly #steady: () => number;
  #base: number;

  /**
   * @param steady a clock that nobody sets, ms.
   * @param chainTime of the newest block now.
   */
  constructor(steady: () => number, chainTime: number) {
    this.#steady = steady;
    this.#base = chainTime - steady();
  }

  now(): number {
    return this.#base + this.#steady();
  }

  /** Takes note of the time of a block: this host may have slept meanwhile. */
  saw(chainTime: number): void {
    this.#base = Math.max(this.#base, chainTime - this.#steady());
  }
}
