import { toHex } from '@hamster/crypto';
import type { Database, RootDatabase } from 'lmdb';
import { plain } from '../bytes.ts';
import { StateError } from '../errors.ts';
import { decodeNode } from '../trie/codec.ts';
import type { NodeSource, TrieNode } from '../trie/node.ts';
import type { Inserted } from '../trie/tally.ts';
import { NodeCache } from './node-cache.ts';
import { StagedTable } from './staged-table.ts';

const COUNT_BYTES = 4;

/**
 * Trie nodes and hashed values under their hashes, each with the number of places that still need it.
 * `add` and `remove` are staged: they count when they are flushed, inside of a transaction or a batch of the caller.
 */
export class NodeTable implements NodeSource {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #staged: StagedTable;
  readonly #cache: NodeCache;

  constructor(env: RootDatabase, cacheBytes: number) {
    this.#table = env.openDB({ name: 'state-nodes', encoding: 'binary', keyEncoding: 'binary' });
    this.#staged = new StagedTable(this.#table);
    this.#cache = new NodeCache(cacheBytes);
  }

  has(hash: Uint8Array): boolean {
    return this.#table.doesExist(hash);
  }

  node(hash: Uint8Array): TrieNode | undefined {
    const known = this.#cache.get(hash);
    if (known) return known;
    const bytes = this.value(hash);
    const node = bytes && decodeNode(bytes);
    if (node) this.#cache.set(hash, node, bytes.length);
    return node;
  }

  value(hash: Uint8Array): Uint8Array | undefined {
    const record = this.#table.get(hash);
    return record && plain(record).subarray(COUNT_BYTES);
  }

  add({ hash, bytes, node, count }: Inserted): void {
    const before = this.#staged.get(hash)?.readUInt32LE() ?? 0;
    this.#staged.put(hash, recordOf(before + count, bytes));
    // The next block changes mostly what this one changed.
    if (node) this.#cache.set(hash, node, bytes.length);
  }

  /** Gives up `count` places; the last one deletes it. Throws STATE_CORRUPT when there were fewer. */
  remove(hash: Uint8Array, count: number): void {
    const record = this.#staged.get(hash);
    const left = (record?.readUInt32LE() ?? 0) - count;
    if (!record || left < 0) {
      throw new StateError(
        'STATE_CORRUPT',
        `State node ${toHex(hash)} is given up more often than it was used`,
      );
    }
    if (left === 0) this.#staged.remove(hash);
    else this.#staged.put(hash, recordOf(left, record.subarray(COUNT_BYTES)));
  }

  /** As `add`, and not staged: for what is too much to be. Inside of a synchronous transaction. */
  addNow({ hash, bytes, count }: Inserted): void {
    const before = this.#table.get(hash)?.readUInt32LE() ?? 0;
    this.#table.putSync(hash, recordOf(before + count, bytes));
  }

  flush(): void {
    this.#staged.flush();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#staged.clear();
  }

  /** Entries in the table, for tests and statistics: walks nothing. */
  size(): number {
    return this.#table.getCount();
  }
}

function recordOf(count: number, bytes: Uint8Array): Buffer {
  const record = Buffer.allocUnsafe(COUNT_BYTES + bytes.length);
  record.writeUInt32LE(count);
  record.set(bytes, COUNT_BYTES);
  return record;
}
