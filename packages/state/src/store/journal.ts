import { bytes, fieldsCodec, fixedBytes, tuple, u32, vec, type Infer } from '@hamster/scale';
import type { Database, RootDatabase } from 'lmdb';
import { equalBytes, plain } from '../bytes.ts';

/** A block as the state knows it. */
export interface BlockRef {
  readonly number: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

const counted = vec(tuple(fixedBytes(32), u32));

const JOURNAL_ENTRY = fieldsCodec({
  parentHash: fixedBytes(32),
  root: fixedBytes(32),
  /** Nodes that the block added: given up when the block loses. */
  inserted: counted,
  /** Nodes that the block replaced: given up when its parent's state is no longer kept. */
  removed: counted,
  /** Storage keys that it wrote or deleted, in order. */
  keys: vec(bytes),
});

export type JournalEntry = Infer<typeof JOURNAL_ENTRY>;

const NUMBER_BYTES = 4;

/** What each block did to the trie, in the order of block numbers. Writes belong into a transaction of the caller. */
export class Journal {
  readonly #table: Database<Buffer, Uint8Array>;

  constructor(env: RootDatabase) {
    this.#table = env.openDB({ name: 'state-journal', encoding: 'binary', keyEncoding: 'binary' });
  }

  get(block: BlockRef): JournalEntry | undefined {
    const record = this.#table.get(keyOf(block));
    return record && JOURNAL_ENTRY.decode(plain(record));
  }

  put(block: BlockRef, entry: JournalEntry): void {
    this.#table.putSync(keyOf(block), Buffer.from(JOURNAL_ENTRY.encode(entry)));
  }

  delete(block: BlockRef): void {
    this.#table.removeSync(keyOf(block));
  }

  /** Hashes of the blocks with this number. */
  at(number: number): Uint8Array[] {
    const start = keyOf({ number, hash: new Uint8Array() });
    const end = keyOf({ number: number + 1, hash: new Uint8Array() });
    return [...this.#table.getKeys({ start, end })].map((key) => Uint8Array.from(key).subarray(NUMBER_BYTES));
  }
}

export const sameBlock = (a: BlockRef, b: BlockRef): boolean =>
  a.number === b.number && equalBytes(a.hash, b.hash);

function keyOf({ number, hash }: BlockRef): Buffer {
  const key = Buffer.allocUnsafe(NUMBER_BYTES + hash.length);
  key.writeUInt32BE(number);
  key.set(hash, NUMBER_BYTES);
  return key;
}
