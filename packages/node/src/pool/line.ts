/** So many places that are empty by now may stand in front of the line, or as many as it is long. */
const MAX_EMPTY = 1024;

/** First in, first out. */
export class Line<T> {
  readonly #items: (T | undefined)[] = [];
  /** What is in front of it was taken. */
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  take(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    this.#first += 1;
    // A line that never ends must not grow for ever.
    if (this.length === 0 || this.#first >= Math.max(MAX_EMPTY, this.length)) this.#closeUp();
    return item;
  }

  #closeUp(): void {
    this.#items.splice(0, this.#first);
    this.#first = 0;
  }
}
