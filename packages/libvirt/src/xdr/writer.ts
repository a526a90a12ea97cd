const ALIGNMENT = 4;

/** Writes XDR (RFC 4506): big-endian, every item padded to four bytes. Methods chain. */
export class XdrWriter {
  readonly #parts: Buffer[] = [];

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return this.#push(bytes);
  }

  i32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.#push(bytes);
  }

  u64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return this.#push(bytes);
  }

  /** Opaque bytes whose length both sides know, such as a UUID. */
  fixed(bytes: Uint8Array): this {
    return this.#push(Buffer.from(bytes)).#pad(bytes.length);
  }

  string(text: string): this {
    const bytes = Buffer.from(text, 'utf8');
    return this.u32(bytes.length).#push(bytes).#pad(bytes.length);
  }

  /** An optional item is an array of none or one. */
  optionalString(text: string | undefined): this {
    return text === undefined ? this.u32(0) : this.u32(1).string(text);
  }

  array<T>(items: readonly T[], write: (writer: this, item: T) => void): this {
    this.u32(items.length);
    for (const item of items) write(this, item);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #push(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  #pad(length: number): this {
    const missing = (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;
    return missing === 0 ? this : this.#push(Buffer.alloc(missing));
  }
}
