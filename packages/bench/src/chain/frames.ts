import { randomFillSync } from 'node:crypto';

/** FIN and the opcode of a text. */
const TEXT = 0x81;
const MASKED = 0x80;
/** Payloads from here on have their length in two bytes more. */
const LONG = 126;
/** First bytes, length, masking key. */
const HEAD = 2 + 2 + 4;
const MAX_PAYLOAD = 0xff_ff;

/** Texts as a client's WebSocket frames (RFC 6455, 5.2), one behind the other. */
export class Frames {
  readonly #bytes: Buffer;
  /** Where each begins, and where the last ends. */
  readonly #starts: Uint32Array;

  /** `texts` of 126 to 65,535 bytes each. */
  constructor(texts: readonly string[]) {
    const sizes = texts.map((text) => Buffer.byteLength(text));
    const unfit = sizes.find((size) => size < LONG || size > MAX_PAYLOAD);
    if (unfit !== undefined) throw new RangeError(`No frames for texts of ${unfit} bytes`);
    this.#starts = new Uint32Array(texts.length + 1);
    for (const [index, size] of sizes.entries()) this.#starts[index + 1] = this.#start(index) + HEAD + size;
    this.#bytes = randomFillSync(Buffer.alloc(this.#start(texts.length)));
    for (const [index, text] of texts.entries()) this.#write(this.#start(index), text);
  }

  get count(): number {
    return this.#starts.length - 1;
  }

  /** Those from `from` until before `to`, not copied. */
  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#start(from), this.#start(to));
  }

  #start(index: number): number {
    return this.#starts[index] ?? this.#bytes.length;
  }

  /** The masking key is there: the bytes were random. */
  #write(at: number, text: string): void {
    const bytes = this.#bytes;
    const size = bytes.write(text, at + HEAD);
    bytes[at] = TEXT;
    bytes[at + 1] = MASKED | LONG;
    bytes.writeUInt16BE(size, at + 2);
    for (let index = 0; index < size; index++) {
      const place = at + HEAD + index;
      bytes[place] = (bytes[place] ?? 0) ^ (bytes[at + HEAD - 4 + (index % 4)] ?? 0);
    }
  }
}
