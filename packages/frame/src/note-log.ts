import { type Type, Writer } from '@hamster/scale';

/** Records that were noted. */
export interface Notes {
  readonly count: number;
  /** All of them as they are encoded, one behind the other. */
  readonly bytes: Uint8Array;
}

/**
 * Notes of records, in order. All are written into one piece of memory: a block has tens of thousands, and each as an array of its
 * own would cost more than what it tells.
 */
export class NoteLog {
  #writer = new Writer();
  /** Where each record ends. */
  #ends: number[] = [];

  get count(): number {
    return this.#ends.length;
  }

  /** Throws what the encoding throws, and then notes nothing. */
  add<T>(type: Pick<Type<T>, 'encodeInto'>, record: T): void {
    try {
      type.encodeInto(this.#writer, record);
    } catch (error) {
      this.cutTo(this.count);
      throw error;
    }
    this.#ends.push(this.#writer.length);
  }

  /** Forgets what was noted behind the first `count`. */
  cutTo(count: number): void {
    if (this.#ends.length > count) this.#ends.length = count;
    this.#writer.cutTo(this.#ends.at(-1) ?? 0);
  }

  all(): Notes {
    return { count: this.count, bytes: this.#writer.finish() };
  }

  /** All, which are forgotten here. */
  take(): Notes {
    const taken = this.all();
    this.#writer = new Writer();
    this.#ends = [];
    return taken;
  }
}
