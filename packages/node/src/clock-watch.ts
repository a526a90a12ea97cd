import type { Logger } from './logger.ts';

/** ms. Light clients refuse a block that is further ahead of their clock. */
const MOST_AHEAD = 30_000;
/** ms by which the clock may go further than time did between two blocks. */
const MOST_LEAP = 60_000;

export interface ClockWatchParts {
  /** Wall clock in ms. */
  readonly now: () => number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Monotonic clock in ms. */
  readonly elapsed?: () => number;
}

/** Tells the operator of a clock that cannot be right: time on chain is taken from it. */
export class ClockWatch {
  readonly #parts: ClockWatchParts;
  readonly #elapsed: () => number;
  #last: { readonly now: number; readonly elapsed: number } | undefined;
  #isAhead = false;

  constructor(parts: ClockWatchParts) {
    this.#parts = parts;
    this.#elapsed = parts.elapsed ?? (() => performance.now());
  }

  /** To be told of the time of each block that is made by the clock, in ms. */
  made(time: number): void {
    const [now, elapsed] = [this.#parts.now(), this.#elapsed()];
    const leap = this.#last ? now - this.#last.now - (elapsed - this.#last.elapsed) : 0;
    this.#last = { now, elapsed };
    if (leap > MOST_LEAP) this.#tellLeap(leap);
    this.#compare(time - now);
  }

  #tellLeap(ms: number): void {
    this.#parts.logger.warn(
      { seconds: Math.round(ms / 1000) },
      'The clock of this host leapt ahead: it was set, or the host slept. Time on chain leaps with it, and leases that end in between end now.',
    );
  }

  #compare(ahead: number): void {
    const { logger } = this.#parts;
    if (ahead > MOST_AHEAD && !this.#isAhead) {
      this.#isAhead = true;
      logger.warn(
        { seconds: Math.round(ahead / 1000) },
        'Time on chain is ahead of the clock of this host, and light clients take no such blocks: if the clock is right, blocks come at half the pace until it has come up; if not, set it.',
      );
    } else if (ahead <= 0 && this.#isAhead) {
      this.#isAhead = false;
      logger.info({}, 'The clock of this host has come up with time on chain');
    }
  }
}
