/** A call of a method that is over. */
export interface FinishedCall {
  readonly method: string;
  readonly failed: boolean;
  /** From its beginning to its answer. */
  readonly micros: number;
}

/** Who counts calls. Must not throw. */
export interface CallObserver {
  started(method: string): void;
  finished(call: FinishedCall): void;
}

/**
 * Tells those who count, who may come when the server has been running for a while. Calls of an unknown method, or with parameters
 * that cannot be read, do not come to any.
 */
export class CallObservers {
  readonly #observers = new Set<CallObserver>();

  /** Returns the removal. */
  add(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** A call begins. Answers when, which is to be handed to `over`; undefined while there is nobody to tell. */
  begin(method: string): number | undefined {
    if (this.#observers.size === 0) return undefined;
    const begun = performance.now();
    for (const observer of this.#observers) observer.started(method);
    return begun;
  }

  over(method: string, begun: number | undefined, failed: boolean): void {
    if (begun === undefined) return;
    const micros = Math.round((performance.now() - begun) * 1000);
    for (const observer of this.#observers) observer.finished({ method, failed, micros });
  }
}
