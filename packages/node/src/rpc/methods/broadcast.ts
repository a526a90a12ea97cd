import { isFinalStatus } from '../../pool/status.ts';
import type { Watched } from '../../backend.ts';
import type { RpcContext } from '../context.ts';

/** Submissions until the node gives up on a transaction that its pool keeps refusing. */
const MAX_ATTEMPTS = 64;

interface BroadcastInit {
  readonly context: RpcContext;
  readonly extrinsic: Uint8Array;
  /** Called once it is over without the client's doing: finalized, or given up. */
  over(): void;
}

/**
 * Keeps one transaction in the pool until it is finalized or the client stops it. A refusal is silent, as the
 * specification wants: the transaction is tried again with the next best block.
 */
export class Broadcast {
  readonly #context: RpcContext;
  readonly #extrinsic: Uint8Array;
  readonly #over: () => void;
  readonly #unsubscribe: () => void;
  #watched: Watched | undefined;
  #attempts = 0;
  #submitting = false;
  #stopped = false;
  #withdrawn = false;

  constructor({ context, extrinsic, over }: BroadcastInit) {
    this.#context = context;
    this.#extrinsic = extrinsic;
    this.#over = over;
    this.#unsubscribe = context.feed.subscribe(({ isBest }) => {
      if (isBest) void this.submit();
    });
  }

  /** In bytes. */
  get size(): number {
    return this.#extrinsic.length;
  }

  /** Whether the pool has it, by this broadcast's doing. */
  get isTaken(): boolean {
    return this.#watched !== undefined;
  }

  /** Hands the transaction to the pool unless it is there, or is being checked. Never rejects. */
  async submit(): Promise<void> {
    if (this.#stopped || this.#submitting || this.#watched) return;
    this.#submitting = true;
    this.#attempts += 1;
    await this.#watch();
    this.#submitting = false;
    if (!this.#watched && this.#attempts >= MAX_ATTEMPTS) this.#end();
  }

  /** What it brought into the pool, or is about to, leaves it, unless a block has it. It may come again. */
  withdraw(): void {
    this.#withdrawn = true;
    if (this.#watched) this.#takeOut(this.#watched);
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#watched?.unsubscribe();
    this.#watched = undefined;
  }

  #end(): void {
    this.stop();
    this.#over();
  }

  #takeOut({ hash }: Watched): void {
    this.#context.backend.withdraw(hash, { ban: false });
  }

  async #watch(): Promise<void> {
    let over = false;
    try {
      const watched = await this.#context.backend.watch(this.#extrinsic, (status) => {
        if (!isFinalStatus(status)) return;
        over = true;
        this.#watched = undefined;
        if (status.type === 'finalized') this.#end();
      });
      if (this.#withdrawn) this.#takeOut(watched);
      if (this.#stopped) watched.unsubscribe();
      else if (!over) this.#watched = watched;
    } catch {
      // Refused for now: the next best block may change the pool's mind.
    }
  }
}
