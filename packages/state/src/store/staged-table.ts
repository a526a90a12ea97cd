import type { Database } from 'lmdb';
import { toKey } from '../bytes.ts';

/** Undefined to remove the record. */
interface Write {
  readonly key: Uint8Array;
  readonly value: Buffer | undefined;
}

/**
 * Writes to a table that wait in memory until they are flushed. Who is about to write more sees them here; who reads the table sees
 * them when they are committed. Values must not change any more: LMDB reads them later, in another thread.
 */
export class StagedTable {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #writes = new Map<string, Write>();

  constructor(table: Database<Buffer, Uint8Array>) {
    this.#table = table;
  }

  /** The record as it will be. */
  get(key: Uint8Array): Buffer | undefined {
    const write = this.#writes.get(toKey(key));
    return write ? write.value : this.#table.get(key);
  }

  put(key: Uint8Array, value: Buffer): void {
    this.#writes.set(toKey(key), { key, value });
  }

  remove(key: Uint8Array): void {
    this.#writes.set(toKey(key), { key, value: undefined });
  }

  writes(): Iterable<Write> {
    return this.#writes.values();
  }

  /** Hands all of it to LMDB. Inside of a transaction or a batch. */
  flush(): void {
    for (const { key, value } of this.#writes.values()) {
      if (value) void this.#table.put(key, value);
      else void this.#table.remove(key);
    }
    this.clear();
  }

  clear(): void {
    this.#writes.clear();
  }
}
