import type { Database, RootDatabase } from 'lmdb';
import { Pages } from '@hamster/scale';
import { answered } from '../bytes.ts';
import { decodeNode } from '../trie/codec.ts';
import type { Place, Stored, TrieNode } from '../trie/node.ts';
import { placeKey, PLACE_BYTES } from '../trie/places.ts';
import type { Inserted } from '../trie/tally.ts';
import { countOf } from './count.ts';
import { NodeCache } from './node-cache.ts';
import { nodePlaced, recordOf } from './node-record.ts';
import { PER_STOP } from './stops.ts';

/**
 * Trie nodes and hashed values, one after the other as they came, so that what a block adds lies together. A place is never used
 * for something else as long as this object lives: what was read from it once is right for ever.
 * `add` and `remove` are staged: they count when they are flushed, inside of a transaction or a batch of the caller.
 */
export class NodeTable {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #cache: NodeCache;
  readonly #pages = new Pages();
  readonly #added: { readonly place: Place; readonly record: Buffer }[] = [];
  readonly #removed: Place[] = [];
  #next: Place;

  constructor(env: RootDatabase, cacheBytes: number) {
    this.#table = env.openDB({ name: 'state-trie', encoding: 'binary', keyEncoding: 'binary' });
    this.#cache = new NodeCache(cacheBytes);
    const [last] = this.#table.getKeys({ reverse: true, limit: 1 });
    this.#next = last ? Buffer.from(last).readUIntBE(0, PLACE_BYTES) + 1 : 1;
  }

  node({ place }: Stored): TrieNode | undefined {
    const known = this.#cache.get(place);
    if (known) return known;
    const record = this.#table.getBinaryFast(placeKey(place));
    const node = record && decodeNode(answered(record), true);
    if (node) this.#cache.set(place, node);
    return node;
  }

  value({ place }: Stored): Uint8Array | undefined {
    const record = this.#table.getBinaryFast(placeKey(place));
    if (!record) return undefined;
    const value = this.#pages.take(record.length);
    value.set(answered(record));
    return value;
  }

  /** All of an update, with stops. Answers the first of the places, which follow each other. */
  *add(inserted: readonly Inserted[]): Generator<void, Place> {
    const first = this.#next;
    // Taken before the first stop, and for good: what isn't committed is never read.
    this.#next += inserted.length;
    let place = first;
    for (const { bytes, node } of inserted) {
      const settled = node && nodePlaced(node, first);
      this.#added.push({ place, record: recordOf(bytes, settled) });
      // The next block changes mostly what this one changed.
      if (settled) this.#cache.set(place, settled);
      if (++place % PER_STOP === 0) yield;
    }
    return first;
  }

  remove(place: Place): void {
    this.#removed.push(place);
  }

  /** One more at once, not staged: for what is too much to be. Inside of a synchronous transaction. */
  addNow(bytes: Uint8Array, node: TrieNode | undefined): Place {
    const place = this.#next++;
    this.#table.putSync(placeKey(place), recordOf(bytes, node), { append: true });
    return place;
  }

  flush(): void {
    // Not as what is appended: each write would make a promise of its own. LMDB fills its pages to the end all the same.
    for (const { place, record } of this.#added) void this.#table.put(placeKey(place), record);
    for (const place of this.#removed) void this.#table.remove(placeKey(place));
    this.clear();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#added.length = 0;
    this.#removed.length = 0;
  }

  /** Entries in the table, for tests and statistics: walks nothing. */
  size(): number {
    return countOf(this.#table);
  }
}
