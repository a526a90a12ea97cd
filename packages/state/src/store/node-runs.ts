import { equalBytes } from '../bytes.ts';
import { HASH_LENGTH } from '../trie/node.ts';
import type { Inserted } from '../trie/tally.ts';

const CHUNK_BYTES = 16 * 2 ** 20;
/** Of one run; a power of two, because the number of an entry shares 52 bits with the beginning of its hash. */
const RUN_ENTRIES = 2 ** 24;
/** Of the 32 bits read at the beginning of a hash, those that find no room there. */
const BITS_LEFT_OUT = 4;

interface Counted extends Inserted {
  count: number;
}

/**
 * Collects nodes that come in any order and hands them on in runs, each in the order of their hashes: a table that is filled in
 * the order of its keys is written page by page, one that is filled at random places has every page in the hand again and
 * again. Holds as many bytes as it is told to, and at least 16 MiB.
 */
export class NodeRuns {
  readonly #write: (inserted: Inserted) => void;
  readonly #maxChunks: number;
  /** Entries one after the other, each with its hash in front; none lies in two chunks. */
  readonly #chunks: Buffer[] = [];
  /** Where each entry of the run begins, as if the chunks were one, and where it ends. */
  #places = new Float64Array(2 * 1024);
  /** The beginning of the hash, then the number of the entry. */
  #order = new Float64Array(1024);
  #count = 0;
  #end = 0;

  constructor(write: (inserted: Inserted) => void, maxBytes: number) {
    this.#write = write;
    this.#maxChunks = Math.max(1, Math.floor(maxBytes / CHUNK_BYTES));
  }

  add(hash: Uint8Array, bytes: Uint8Array): void {
    const length = HASH_LENGTH + bytes.length;
    if (length > CHUNK_BYTES) return this.#write({ hash, bytes, count: 1 });
    if (this.#count === RUN_ENTRIES || this.#startFor(length) >= this.#maxChunks * CHUNK_BYTES) this.flush();
    const start = this.#startFor(length);
    const chunk = this.#chunkOf(start);
    const offset = start % CHUNK_BYTES;
    chunk.set(hash, offset);
    chunk.set(bytes, offset + HASH_LENGTH);
    if (this.#count === this.#order.length) this.#grow();
    this.#order[this.#count] = (chunk.readUInt32BE(offset) >>> BITS_LEFT_OUT) * RUN_ENTRIES + this.#count;
    this.#end = start + length;
    this.#places[2 * this.#count] = start;
    this.#places[2 * this.#count + 1] = this.#end;
    this.#count += 1;
  }

  /** Hands on what is left; what occurs often in a run comes once, mostly. */
  flush(): void {
    let last: Counted | undefined;
    for (const place of this.#order.subarray(0, this.#count).sort()) {
      const record = this.#record(place % RUN_ENTRIES);
      const hash = record.subarray(0, HASH_LENGTH);
      if (last && equalBytes(last.hash, hash)) last.count += 1;
      else {
        if (last) this.#write(last);
        last = { hash, bytes: record.subarray(HASH_LENGTH), count: 1 };
      }
    }
    if (last) this.#write(last);
    [this.#count, this.#end] = [0, 0];
  }

  /** In the chunk that is being filled where there is room, otherwise at the beginning of the next one. */
  #startFor(length: number): number {
    const left = CHUNK_BYTES - (this.#end % CHUNK_BYTES);
    return length <= left ? this.#end : this.#end + left;
  }

  #chunkOf(start: number): Buffer {
    return (this.#chunks[Math.floor(start / CHUNK_BYTES)] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
  }

  #record(number: number): Uint8Array {
    const [start = 0, end = 0] = this.#places.subarray(2 * number, 2 * number + 2);
    const offset = start % CHUNK_BYTES;
    return this.#chunkOf(start).subarray(offset, offset + end - start);
  }

  #grow(): void {
    this.#order = doubled(this.#order);
    this.#places = doubled(this.#places);
  }
}

function doubled(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
