import type { Method, MethodTable } from './protocol/method.ts';

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

type Run = (call: unknown, args: readonly unknown[]) => unknown;

/** Tells those who count, who may come when the server has been running for a while. */
export class CallObservers {
  readonly #observers = new Set<CallObserver>();

  /** Returns the removal. */
  add(observer: CallObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  /** The same methods, watched. Calls of an unknown method, or with parameters that cannot be read, do not come to any. */
  watch(methods: MethodTable): MethodTable {
    return Object.fromEntries(
      Object.entries(methods).map(([name, method]) => [name, this.#watched(name, method)]),
    );
  }

  #watched(name: string, method: Method): Method {
    // Both kinds run alike; what tells them apart stays as it is.
    const inner = method.run as Run;
    const run = (call: unknown, args: readonly unknown[]): unknown =>
      this.#observers.size === 0 ? inner(call, args) : this.#run(name, inner, call, args);
    return { ...method, run };
  }

  #run(method: string, inner: Run, call: unknown, args: readonly unknown[]): unknown {
    const begun = performance.now();
    for (const observer of this.#observers) observer.started(method);
    try {
      const answer = inner(call, args);
      if (answer instanceof Promise)
        answer.then(
          () => this.#over(method, begun, false),
          () => this.#over(method, begun, true),
        );
      else this.#over(method, begun, false);
      return answer;
    } catch (error) {
      this.#over(method, begun, true);
      throw error;
    }
  }

  #over(method: string, begun: number, failed: boolean): void {
    const micros = Math.round((performance.now() - begun) * 1000);
    for (const observer of this.#observers) observer.finished({ method, failed, micros });
  }
}
