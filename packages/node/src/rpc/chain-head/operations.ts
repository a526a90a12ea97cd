import { newId } from '../protocol/session.ts';

/** One body, call or storage operation of a follow. */
export interface Operation {
  readonly id: string;
  /** Set when the client stopped it or its follow ended: nothing more may be told about it. */
  stopped: boolean;
  /** Set while it waits for chainHead_v1_continue. */
  resume: (() => void) | undefined;
}

/** Operations under way for one follow, bounded by slots: one for a body or a call, one for each storage item. */
export class Operations {
  readonly #limit: number;
  readonly #running = new Map<string, { readonly operation: Operation; readonly slots: number }>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get free(): number {
    return this.#limit - this.#used;
  }

  /** Takes `slots`; undefined when there are not enough, and for none. */
  start(slots: number): Operation | undefined {
    if (slots === 0 || slots > this.free) return undefined;
    const operation: Operation = { id: newId(), stopped: false, resume: undefined };
    this.#running.set(operation.id, { operation, slots });
    this.#used += slots;
    return operation;
  }

  get(id: string): Operation | undefined {
    return this.#running.get(id)?.operation;
  }

  finish(operation: Operation): void {
    const entry = this.#running.get(operation.id);
    if (!entry) return;
    this.#running.delete(operation.id);
    this.#used -= entry.slots;
    operation.stopped = true;
    operation.resume = undefined;
  }

  stopAll(): void {
    for (const { operation } of [...this.#running.values()]) this.finish(operation);
  }
}
