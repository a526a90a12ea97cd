import { ScaleError } from './errors.ts';

/** Types that contain themselves may nest this deep, as in parity-scale-codec's users. */
const MAX_DEPTH = 256;

/**
 * And so many of them may be in one value. A call of two or three bytes becomes objects a hundred times as large: a batch of a
 * million would cost whoever decodes it a second, before anybody asks what it weighs. No block has the weight for half of this.
 */
const MAX_NESTED = 2 ** 17;

/** Below it, two numbers of 32 bits make one that is exact. */
const SAFE_HIGH = 2 ** 21;

export interface ReaderOptions {
  /** What is read is part of the bytes, which must not change any more and live as long as that. */
  readonly shares?: boolean;
  /** Items that all lists together may have. */
  readonly maxItems?: number;
}

/** A cursor over bytes that somebody else may have made: every read is checked against the end. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #shares: boolean;
  readonly #maxItems: number;
  #offset = 0;
  #depth = 0;
  #nested = 0;
  #items = 0;

  constructor(bytes: Uint8Array, { shares = false, maxItems = Infinity }: ReaderOptions = {}) {
    this.#bytes = bytes;
    this.#shares = shares;
    this.#maxItems = maxItems;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#byte(this.#take(1));
  }

  u16(): number {
    const at = this.#take(2);
    return this.#byte(at) | (this.#byte(at + 1) << 8);
  }

  u32(): number {
    const at = this.#take(4);
    const low = this.#byte(at) | (this.#byte(at + 1) << 8) | (this.#byte(at + 2) << 16);
    return low + this.#byte(at + 3) * 2 ** 24;
  }

  u64(): bigint {
    const low = this.u32();
    const high = this.u32();
    // Without steps that ask for a bigint each, where a number is exact.
    return high < SAFE_HIGH ? BigInt(high * 2 ** 32 + low) : (BigInt(high) << 32n) | BigInt(low);
  }

  u128(): bigint {
    const low = this.u64();
    const high = this.u64();
    return high === 0n ? low : (high << 64n) | low;
  }

  /** A copy, if nothing else was asked for, so that a decoded value doesn't keep its whole source alive nor change with it. */
  raw(length: number): Uint8Array {
    const start = this.#take(length);
    const end = start + length;
    return this.#shares ? this.#bytes.subarray(start, end) : this.#bytes.slice(start, end);
  }

  /** Looks at the next byte without taking it. */
  peek(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw this.#endOfInput(1);
    return byte;
  }

  /** Guards the stack and the memory: `decode` runs one level deeper. */
  nested<T>(decode: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      throw new ScaleError('SCALE_TOO_DEEP', `The value nests deeper than ${MAX_DEPTH} levels`);
    }
    if (this.#nested >= MAX_NESTED) {
      throw new ScaleError(
        'SCALE_TOO_MANY',
        `The value has more than ${MAX_NESTED} values of its own type in it`,
      );
    }
    this.#nested += 1;
    this.#depth += 1;
    const value = decode();
    this.#depth -= 1;
    return value;
  }

  /** Guards the memory: `count` more items follow, each of which may become an object far larger than its bytes. */
  items(count: number): void {
    this.#items += count;
    if (this.#items > this.#maxItems) {
      throw new ScaleError('SCALE_TOO_MANY', `The value lists more than ${this.#maxItems} items`);
    }
  }

  #byte(at: number): number {
    return this.#bytes[at] ?? 0;
  }

  #take(length: number): number {
    if (length > this.remaining) throw this.#endOfInput(length);
    const start = this.#offset;
    this.#offset += length;
    return start;
  }

  #endOfInput(wanted: number): ScaleError {
    const message = `The input ends at byte ${this.#bytes.length}, but ${wanted} more are needed from byte ${this.#offset}`;
    return new ScaleError('SCALE_END_OF_INPUT', message);
  }
}
