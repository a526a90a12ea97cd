import type { Database, RootDatabase } from 'lmdb';
import { equalBytes } from '../bytes.ts';
import type { Place } from '../trie/node.ts';
import { PLACE_BYTES } from '../trie/places.ts';
import { StagedTable } from './staged-table.ts';

/**
 * Where the roots of the kept states are. One hash may be at several places, each with a trie of its own: rivals can come to the same
 * state, and a chain can come back to one.
 */
export class RootTable {
  readonly #table: Database<Buffer, Uint8Array>;
  readonly #staged: StagedTable;
  /** What was asked for last, and asked for again and again. Right until the table is written into. */
  #asked: { readonly root: Uint8Array; readonly places: readonly Place[] } | undefined;

  constructor(env: RootDatabase) {
    this.#table = env.openDB({ name: 'state-roots', encoding: 'binary', keyEncoding: 'binary' });
    this.#staged = new StagedTable(this.#table);
  }

  has(root: Uint8Array): boolean {
    return this.get(root).length > 0;
  }

  /** In the order in which they were added. */
  get(root: Uint8Array): readonly Place[] {
    if (!this.#asked || !equalBytes(this.#asked.root, root)) {
      this.#asked = { root: root.slice(), places: decode(this.#table.get(root)) };
    }
    return this.#asked.places;
  }

  /** As they will be. */
  staged(root: Uint8Array): Place[] {
    return decode(this.#staged.get(root));
  }

  add(root: Uint8Array, place: Place): void {
    this.#staged.put(root, encode([...this.staged(root), place]));
  }

  remove(root: Uint8Array, place: Place): void {
    const left = this.staged(root).filter((each) => each !== place);
    if (left.length > 0) this.#staged.put(root, encode(left));
    else this.#staged.remove(root);
  }

  flush(): void {
    this.#staged.flush();
    this.#asked = undefined;
  }

  /** Forgets what is staged. To be called when what was flushed is committed, too. */
  clear(): void {
    this.#staged.clear();
    this.#asked = undefined;
  }
}

function encode(places: readonly Place[]): Buffer {
  const record = Buffer.allocUnsafe(places.length * PLACE_BYTES);
  for (const [index, place] of places.entries()) record.writeUIntBE(place, index * PLACE_BYTES, PLACE_BYTES);
  return record;
}

function decode(record: Buffer | undefined): Place[] {
  const places: Place[] = [];
  for (let at = 0; record && at < record.length; at += PLACE_BYTES) {
    places.push(record.readUIntBE(at, PLACE_BYTES));
  }
  return places;
}
