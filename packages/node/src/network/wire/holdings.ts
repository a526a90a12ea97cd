import type { Stream } from '@libp2p/interface';
import { NetworkError } from '../errors.ts';

/**
 * What this node keeps because others are slow: beginnings of messages whose rest is yet to come, and answers that are yet to be taken away.
 * Each is bounded by itself; here all of them are. Where they become too much, what was begun first is let go: whoever is honest needs
 * a moment, and only who wants to fill the memory is there for long.
 */
export class Holdings {
  readonly #most: number;
  /** From the one that was begun first on. */
  readonly #held = new Map<Stream, number>();
  #total = 0;

  /** @param most bytes of all. */
  constructor(most: number) {
    this.#most = most;
  }

  /** So much is kept for a stream now. Where all together is too much, streams are aborted. */
  hold(stream: Stream, bytes: number): void {
    this.#total += bytes - (this.#held.get(stream) ?? 0);
    this.#held.set(stream, bytes);
    for (const first of this.#held.keys()) {
      if (this.#total <= this.#most) return;
      this.release(first);
      first.abort(new NetworkError('PEER_TIMEOUT', 'Others need the room that is kept for this peer'));
    }
  }

  release(stream: Stream): void {
    this.#total -= this.#held.get(stream) ?? 0;
    this.#held.delete(stream);
  }
}
