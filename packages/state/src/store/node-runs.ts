import { equalBytes } from '../bytes.ts';
import { HASH_LENGTH } from '../trie/node.ts';
import type { Inserted } from '../trie/tally.ts';

const RUN_BYTES = 16 * 2 ** 20;
/** Of one run; a power of two, because the number of an entry shares 53 bits with the beginning of its hash. */
const RUN_ENTRIES = 2 ** 17;

interface Counted extends Inserted {
  count: number;
}

/**
 * Collects nodes that come in any order and hands them on in runs, each in the order of their hashes: a table that is filled in
 * the order of its keys is written page by page, one that is filled at random places has every page in the hand again and
 * again. Holds 16 MiB.
 */
export class NodeRuns {
  readonly #write: (inserted: Inserted) => void;
  readonly #bytes = Buffer.allocUnsafeSlow(RUN_BYTES);
  /** Where each entry of the run begins, its hash in front, and where the last one ends. */
  readonly #starts = new Uint32Array(RUN_ENTRIES + 1);
  /** The first 32 bits of the hash, then the number of the entry. */
  readonly #order = new Float64Array(RUN_ENTRIES);
  #count = 0;

  constructor(write: (inserted: Inserted) => void) {
    this.#write = write;
  }

  add(hash: Uint8Array, bytes: Uint8Array): void {
    const length = HASH_LENGTH + bytes.length;
    if (this.#count === RUN_ENTRIES || this.#end + length > RUN_BYTES) this.flush();
    if (length > RUN_BYTES) return this.#write({ hash, bytes, count: 1 });
    const start = this.#end;
    this.#bytes.set(hash, start);
    this.#bytes.set(bytes, start + HASH_LENGTH);
    this.#order[this.#count] = this.#bytes.readUInt32BE(start) * RUN_ENTRIES + this.#count;
    this.#count += 1;
    this.#starts[this.#count] = start + length;
  }

  /** Hands on what is left; what occurs often in a run comes once. */
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
    this.#count = 0;
  }

  #record(number: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[number], this.#starts[number + 1]);
  }

  get #end(): number {
    return this.#starts[this.#count] ?? 0;
  }
}
