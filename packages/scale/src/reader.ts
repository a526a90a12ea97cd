import { ScaleError } from './errors.ts';

/** Types that contain themselves may nest this deep, as in parity-scale-codec's users. */
const MAX_DEPTH = 256;

/** A cursor over bytes that somebody else may have made: every read is checked against the end. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  u128(): bigint {
    const low = this.u64();
    return (this.u64() << 64n) | low;
  }

  /** A copy, so that a decoded value doesn't keep its whole source alive nor change with it. */
  raw(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  /** Looks at the next byte without taking it. */
  peek(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw this.#endOfInput(1);
    return byte;
  }

  /** Guards the stack: `decode` runs one level deeper. */
  nested<T>(decode: () => T): T {
    if (this.#depth >= MAX_DEPTH) {
      throw new ScaleError('SCALE_TOO_DEEP', `The value nests deeper than ${MAX_DEPTH} levels`);
    }
    this.#depth += 1;
    const value = decode();
    this.#depth -= 1;
    return value;
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
