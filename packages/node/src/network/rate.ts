/** How many bursts' worth of a rate may be used at once. */
const BURST = 4;

/** Lets through so many things per second on average, and a burst after a quiet time. */
export class Rate {
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #last: number;

  /** `now` is a monotonic clock in ms. */
  constructor(perSecond: number, now: () => number = () => performance.now()) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = perSecond * BURST;
    this.#last = now();
  }

  /** False when it was too much. */
  take(): boolean {
    this.#earn();
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** Counts what was used already, even beyond what was left. */
  spend(amount: number): void {
    this.#earn();
    this.#left -= amount;
  }

  /** Whether more was spent than there was. */
  isOverdrawn(): boolean {
    this.#earn();
    return this.#left < 0;
  }

  #earn(): void {
    const now = this.#now();
    const earned = ((now - this.#last) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond * BURST, this.#left + earned);
    this.#last = now;
  }
}
