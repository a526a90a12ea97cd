import { bytes, fieldsCodec, fixedBytes, u32, vec, type Infer } from '@hamster/scale';
import type { Database, RootDatabase } from 'lmdb';
import { equalBytes, plain, startsWith, toKey } from '../bytes.ts';
import { place } from '../trie/places.ts';
import { StagedTable } from './staged-table.ts';

/** A block as the state knows it. */
export interface BlockRef {
  readonly number: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

const JOURNAL_ENTRY = fieldsCodec({
  parentHash: fixedBytes(32),
  root: fixedBytes(32),
  /** Of the root; 0 of an empty trie. */
  place: place,
  parentRoot: fixedBytes(32),
  parentPlace: place,
  /** Nodes that the block added, one after the other: given up when the block loses. */
  inserted: fieldsCodec({ first: place, count: u32 }),
  /** Nodes that the block replaced: given up when its parent's state is no longer kept. */
  removed: vec(place),
  /** Storage keys that it wrote or deleted, in order. */
  keys: vec(bytes),
});

export type JournalEntry = Infer<typeof JOURNAL_ENTRY>;

const NUMBER_BYTES = 4;

/** What each block did to the trie, by block numbers. Writes are staged: they count when they are flushed. */
export class Journal {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #staged: StagedTable;

  constructor(env: RootDatabase) {
    this.#table = env.openDB({ name: 'state-history', encoding: 'binary', keyEncoding: 'binary' });
    this.#staged = new StagedTable(this.#table);
  }

  get(block: BlockRef): JournalEntry | undefined {
    return decoded(this.#table.get(keyOf(block)));
  }

  /** As it will be. */
  staged(block: BlockRef): JournalEntry | undefined {
    return decoded(this.#staged.get(keyOf(block)));
  }

  put(block: BlockRef, entry: JournalEntry): void {
    const record = JOURNAL_ENTRY.encode(entry);
    this.#staged.put(keyOf(block), Buffer.from(record.buffer, record.byteOffset, record.byteLength));
  }

  delete(block: BlockRef): void {
    this.#staged.remove(keyOf(block));
  }

  /** Hashes of the blocks with this number, as they will be. */
  stagedAt(number: number): Uint8Array[] {
    const start = keyOf({ number, hash: new Uint8Array() });
    const end = keyOf({ number: number + 1, hash: new Uint8Array() });
    const keys = new Map<string, Uint8Array>();
    for (const key of this.#table.getKeys({ start, end })) keys.set(toKey(key), Uint8Array.from(key));
    for (const { key, value } of this.#staged.writes()) {
      if (!value) keys.delete(toKey(key));
      else if (startsWith(key, start)) keys.set(toKey(key), key);
    }
    return [...keys.values()].map((key) => key.subarray(NUMBER_BYTES));
  }

  flush(): void {
    this.#staged.flush();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#staged.clear();
  }
}

const decoded = (record: Buffer | undefined): JournalEntry | undefined =>
  record && JOURNAL_ENTRY.decode(plain(record));

export const sameBlock = (a: BlockRef, b: BlockRef): boolean =>
  a.number === b.number && equalBytes(a.hash, b.hash);

function keyOf({ number, hash }: BlockRef): Buffer {
  const key = Buffer.allocUnsafe(NUMBER_BYTES + hash.length);
  key.writeUInt32BE(number);
  key.set(hash, NUMBER_BYTES);
  return key;
}
