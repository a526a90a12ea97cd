import { MAX_SHARED, Pages } from './pages.ts';

const MAX_EXACT = BigInt(Number.MAX_SAFE_INTEGER);
/** Bytes that a writer keeps between two uses. */
const MAX_KEPT = 1024;
/** V8 has arrays of so many bytes on its own heap; a longer one gets memory of its own, which costs several times as much. */
const ON_HEAP = 64;
/** Here the lowest 64 bits of a bigint become numbers, without a bigint for each step on their way. */
const LOW_64 = new DataView(new ArrayBuffer(8));

/**
 * A growing buffer. Numbers are written as they are: the types above check the range.
 * Byte by byte and without a DataView: V8 keeps small arrays on its own heap only as long as nobody asks for their buffer.
 */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;
  /** For a writer that is used again. */
  #pages: Pages | undefined;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  u16(value: number): void {
    const at = this.#room(2);
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
  }

  u32(value: number): void {
    const at = this.#room(4);
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    this.#bytes[at + 2] = value >>> 16;
    this.#bytes[at + 3] = value >>> 24;
  }

  u64(value: bigint): void {
    // A number is exact for nearly all that is written.
    if (value <= MAX_EXACT) this.#exact(Number(value));
    else this.#lowest(value);
  }

  u128(value: bigint): void {
    if (value <= MAX_EXACT) {
      this.#exact(Number(value));
      this.#exact(0);
    } else {
      this.#lowest(value);
      this.u64(value >> 64n);
    }
  }

  raw(value: Uint8Array): void {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
  }

  /** A whole number that is not negative, as 8 bytes. */
  #exact(value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.u32(value - high * 2 ** 32);
    this.u32(high);
  }

  #lowest(value: bigint): void {
    LOW_64.setBigUint64(0, value);
    this.u32(LOW_64.getUint32(4));
    this.u32(LOW_64.getUint32(0));
  }

  /** What was written. Not to be written into, as it may be a part of a larger piece of memory. */
  finish(): Uint8Array {
    const pages = this.#length > ON_HEAP && this.#length <= MAX_SHARED ? this.#pages : undefined;
    if (!pages) return this.#bytes.slice(0, this.#length);
    const finished = pages.take(this.#length);
    for (let at = 0; at < this.#length; at++) finished[at] = this.#bytes[at] ?? 0;
    return finished;
  }

  /** Forgets what was written behind the first `length` bytes. */
  cutTo(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Begins anew. A buffer that grew large is given back. */
  clear(): void {
    this.#length = 0;
    this.#pages ??= new Pages();
    if (this.#bytes.length > MAX_KEPT) this.#bytes = new Uint8Array(64);
  }

  #room(wanted: number): number {
    const start = this.#length;
    const end = start + wanted;
    if (end > this.#bytes.length) this.#grow(end);
    this.#length = end;
    return start;
  }

  #grow(atLeast: number): void {
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, atLeast));
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
