import { batchResponseTooLarge } from './errors.ts';
import { failure } from './response.ts';

/** The answers to the entries of a batch, which come in any order and go out in that of the entries. */
export class BatchAnswers {
  readonly #maxBytes: number;
  readonly #texts: (string | undefined)[];
  #missing: number;
  /** With the brackets, and a comma behind each. */
  #size = 1;

  constructor(count: number, maxBytes: number) {
    this.#texts = new Array<undefined>(count).fill(undefined);
    this.#missing = count;
    this.#maxBytes = maxBytes;
  }

  get isComplete(): boolean {
    return this.#missing === 0;
  }

  /** Undefined for a notification, which has no answer. */
  set(index: number, text: string | undefined): void {
    this.#missing -= 1;
    if (text === undefined) return;
    this.#size += text.length + 1;
    this.#texts[index] = text;
    // What is not sent need not be held.
    if (this.#isTooLarge) this.#texts.length = 0;
  }

  /** All together; undefined when there is nothing to answer. */
  text(): string | undefined {
    if (this.#isTooLarge) return JSON.stringify(failure(null, batchResponseTooLarge(this.#maxBytes)));
    const texts = this.#texts.filter((text) => text !== undefined);
    return texts.length > 0 ? `[${texts.join(',')}]` : undefined;
  }

  get #isTooLarge(): boolean {
    return this.#size > this.#maxBytes;
  }
}
