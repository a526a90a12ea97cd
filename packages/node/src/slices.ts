/** ms. Long enough to get on; short enough for several of them to go by before somebody notices the wait for an answer. */
const SLICE = 1;

/** Cuts long work on the event loop into slices, between which clients are answered. */
export class Slices {
  #since = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#since >= SLICE;
  }

  /** Lets everything else run that is ready to, and begins a new slice. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => void setImmediate(resolve));
    this.#since = performance.now();
  }

  /** As `map` of an array, in slices. */
  async map<T, U>(items: readonly T[], action: (item: T) => U): Promise<U[]> {
    const results: U[] = [];
    for (const item of items) {
      results.push(action(item));
      if (this.isOver) await this.rest();
    }
    return results;
  }

  /** Goes through steps to what they come to. */
  async finish<T>(steps: Generator<undefined, T>): Promise<T> {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      if (this.isOver) await this.rest();
    }
  }

  /** Rests when the slice is over. */
  readonly pause = async (): Promise<void> => {
    if (this.isOver) await this.rest();
  };
}

/** Goes on with steps for one slice; `passed` is told what each of them yields. */
export function oneSlice<Y, T>(steps: Generator<Y, T>, passed?: (value: Y) => void): IteratorResult<Y, T> {
  const slices = new Slices();
  for (;;) {
    const next = steps.next();
    if (next.done) return next;
    passed?.(next.value);
    if (slices.isOver) return next;
  }
}
