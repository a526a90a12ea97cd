/**
 * Runs tasks of one key one after the other; tasks of different keys side by side. A task whose signal fired before its
 * turn does not begin.
 */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Whether a task of this key runs or waits. */
  isBusy(key: string): boolean {
    return this.#tails.has(key);
  }

  run<T>(key: string, task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const begin = (): Promise<T> => {
      signal?.throwIfAborted();
      return task();
    };
    const result = before.then(begin, begin);
    const tail = result.catch(() => undefined);
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }
}
