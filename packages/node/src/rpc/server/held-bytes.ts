import type { RpcLimits, RpcLog } from '../context.ts';

/** A client for whom bytes are kept: what it sent and was not answered yet, and what it was answered and did not read yet. */
export interface Holder {
  held(): number;
  terminate(): void;
}

type Bounds = Pick<RpcLimits, 'heldBytes' | 'heldBytesCheckMs'>;

/**
 * Bounds what is kept for all clients together: each alone has bounds of its own, but many of them could take all of the
 * node's memory. Above it, the one with the most is dropped, and the next one, until the rest is within.
 */
export class HeldBytes {
  readonly #limits: Bounds;
  readonly #log: RpcLog;
  readonly #holders = new Set<Holder>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: Bounds, log: RpcLog) {
    this.#limits = limits;
    this.#log = log;
    // Looked at from time to time, so that nothing has to be counted with every answer.
    this.#timer = setInterval(() => this.#check(), limits.heldBytesCheckMs).unref();
  }

  /** Returns the removal. */
  add(holder: Holder): () => void {
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const held = [...this.#holders].map((holder) => ({ holder, bytes: holder.held() }));
    let total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.#limits.heldBytes) return;
    held.sort((one, other) => other.bytes - one.bytes);
    let dropped = 0;
    for (const { holder, bytes } of held) {
      if (total <= this.#limits.heldBytes) break;
      holder.terminate();
      total -= bytes;
      dropped += 1;
    }
    this.#log.warn({ dropped }, 'Dropped the RPC clients for whom the most is kept in memory');
  }
}
