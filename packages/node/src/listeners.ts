import type { Hash } from './header.ts';
import type { Logger } from './logger.ts';

/** Those who want to know; one that throws is logged, kept, and keeps the news from nobody else. */
export class Listeners<E extends { readonly hash: Hash }> {
  readonly #logger: Logger;
  readonly #failure: string;
  readonly #listeners = new Set<(event: E) => void>();

  constructor(logger: Logger, failure: string) {
    this.#logger = logger;
    this.#failure = failure;
  }

  /** Returns the removal. */
  add(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: E): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error({ err: error, hash: event.hash }, this.#failure);
      }
    }
  }
}
