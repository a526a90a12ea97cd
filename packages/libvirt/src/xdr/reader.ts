import { LibvirtConnectionError } from '../errors.ts';

/** libvirt's own bounds: REMOTE_STRING_MAX is 4 MiB, and no list it sends is longer than 16384. */
const MAX_STRING = 4 * 1024 * 1024;
const MAX_ITEMS = 16_384;
const ALIGNMENT = 4;

/** Reads XDR (RFC 4506). Every length is checked before memory is spent on it; throws `Protocol`. */
export class XdrReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  u32(): number {
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  u64(): bigint {
    return this.#bytes.readBigUInt64BE(this.#take(8));
  }

  i64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  bool(): boolean {
    return this.u32() !== 0;
  }

  fixed(length: number): Buffer {
    const start = this.#take(length);
    this.#skipPadding(length);
    return Buffer.from(this.#bytes.subarray(start, start + length));
  }

  string(): string {
    const length = this.u32();
    if (length > MAX_STRING) throw malformed(`a string of ${length} bytes`);
    return this.fixed(length).toString('utf8');
  }

  optional<T>(read: (reader: this) => T): T | undefined {
    const count = this.u32();
    if (count > 1) throw malformed(`an optional item ${count} times`);
    return count === 1 ? read(this) : undefined;
  }

  array<T>(read: (reader: this) => T): T[] {
    const count = this.u32();
    // An item takes four bytes at least, so a longer list cannot be in this packet.
    if (count > MAX_ITEMS || count * ALIGNMENT > this.remaining) throw malformed(`a list of ${count} items`);
    return Array.from({ length: count }, () => read(this));
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  #take(length: number): number {
    if (length > this.remaining) throw malformed(`${length} bytes where ${this.remaining} are left`);
    const start = this.#offset;
    this.#offset += length;
    return start;
  }

  #skipPadding(length: number): void {
    this.#take((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT);
  }
}

function malformed(what: string): LibvirtConnectionError {
  return new LibvirtConnectionError('Protocol', `libvirt sent ${what}`);
}
