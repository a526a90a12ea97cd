import { withDeadline } from '@hamster/daemon';

/**
 * One at a time changes what the chain says of this machine: each reads what stands there, and sends what makes it another. Done at once, what was
 * decided before the operator's word could be sent after it, and undo it.
 */
export class OfferTurns {
  #last: Promise<void> = Promise.resolve();

  /** Rejects with the signal's reason where the turn does not come before. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const done = Promise.withResolvers<void>();
    this.#last = before.then(() => done.promise);
    try {
      await withDeadline(() => before, undefined, signal);
      return await work();
    } finally {
      done.resolve();
    }
  }
}
