import { createHash } from 'node:crypto';

/** Not a power of two, so that bytes that come twice or never do not fit in with what follows. */
const LENGTH = (1 << 20) - 7;

/** The bytes that are sent again and again: the same on both sides, and like noise. */
export function patternBlock(): Buffer {
  const seed = Buffer.alloc(LENGTH);
  for (let offset = 0, count = 0; offset < LENGTH; count += 1) {
    offset += createHash('sha512').update(`${count}`).digest().copy(seed, offset);
  }
  return seed;
}

/** Compares a stream of bytes with the pattern; a single one lost, repeated or changed is seen. */
export class PatternCheck {
  readonly #block: Buffer;
  bytes = 0;
  wrong = false;

  constructor(block: Buffer) {
    this.#block = block;
  }

  take(chunk: Buffer): void {
    for (let done = 0; done < chunk.length;) {
      const at = this.bytes % LENGTH;
      const length = Math.min(chunk.length - done, LENGTH - at);
      if (chunk.compare(this.#block, at, at + length, done, done + length) !== 0) this.wrong = true;
      this.bytes += length;
      done += length;
    }
  }
}

/** Writes so many bytes of the pattern, as fast as they are taken, and then the end. */
export function* patternBytes(block: Buffer, total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= LENGTH) yield left < LENGTH ? block.subarray(0, left) : block;
}
