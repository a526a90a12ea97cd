import type { RpcLimits, RpcLog } from '../context.ts';

/** A client for whom bytes are kept: what it sent and was not answered yet, and what it was answered and did not read yet. */
export interface Holder {
  held(): number;
  terminate(): void;
}

type Bounds = Pick<RpcLimits, 'heldBytes'>;

/** Part of the bound that may come before it is looked at again who holds what. */
const UNSEEN = 1 / 8;
/** Between two lines of the log. */
const SILENCE_MS = 10_000;

/**
 * Bounds what is kept for all clients together: each alone has bounds of its own, but many of them could take all of the
 * node's memory. Above it, the one with the most is dropped, and the next one, until the rest is within.
 */
export class HeldBytes {
  readonly #limits: Bounds;
  readonly #log: RpcLog;
  readonly #holders = new Set<Holder>();
  /** Bytes that came, or were answered, since the last look. */
  #unseen = 0;
  /** Dropped since the log was told. */
  #untold = 0;
  #silence: NodeJS.Timeout | undefined;

  constructor(limits: Bounds, log: RpcLog) {
    this.#limits = limits;
    this.#log = log;
  }

  /** Returns the removal. */
  add(holder: Holder): () => void {
    this.#holders.add(holder);
    return () => this.#holders.delete(holder);
  }

  /**
   * To be told of all that comes and of all that is answered. Looks after so many bytes and not after some time: in a tenth of a second
   * a fast client sends several times what may be kept.
   */
  grew(bytes: number): void {
    this.#unseen += bytes;
    if (this.#unseen < this.#limits.heldBytes * UNSEEN) return;
    this.#unseen = 0;
    this.#check();
  }

  #check(): void {
    const held = [...this.#holders].map((holder) => ({ holder, bytes: holder.held() }));
    let total = held.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total <= this.#limits.heldBytes) return;
    held.sort((one, other) => other.bytes - one.bytes);
    for (const { holder, bytes } of held) {
      if (total <= this.#limits.heldBytes) break;
      // It is counted no more, though it has not closed yet: else others would be dropped for what it holds.
      this.#holders.delete(holder);
      holder.terminate();
      total -= bytes;
      this.#untold += 1;
    }
    if (!this.#silence) this.#tell();
  }

  /** At once, and then once in a while for all that were dropped meanwhile: an attacker shall not fill the operator's disk. */
  #tell(): void {
    this.#silence = undefined;
    if (this.#untold === 0) return;
    this.#log.warn({ dropped: this.#untold }, 'Dropped the RPC clients for whom the most is kept in memory');
    this.#untold = 0;
    this.#silence = setTimeout(() => this.#tell(), SILENCE_MS).unref();
  }
}
