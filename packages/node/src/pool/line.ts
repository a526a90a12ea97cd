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
    const item = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    this.#first += 1;
    if (this.#first >= this.#items.length) this.#clear();
    return item;
  }

  #clear(): void {
    this.#items.length = 0;
    this.#first = 0;
  }
}
