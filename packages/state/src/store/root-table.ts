import type { Database, RootDatabase } from 'lmdb';
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

  constructor(env: RootDatabase) {
    this.#table = env.openDB({ name: 'state-roots', encoding: 'binary', keyEncoding: 'binary' });
    this.#staged = new StagedTable(this.#table);
  }

  has(root: Uint8Array): boolean {
    return this.#table.doesExist(root);
  }

  /** In the order in which they were added. */
  get(root: Uint8Array): Place[] {
    return decode(this.#table.get(root));
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
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#staged.clear();
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
