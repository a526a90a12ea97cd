import type { RootDatabase } from 'lmdb';
import type { TrieUpdate } from '../trie/builder.ts';
import type { NodeSource, Place, Stored, TrieNode } from '../trie/node.ts';
import type { JournalEntry } from './journal.ts';
import { NodeTable } from './node-table.ts';
import { RootTable } from './root-table.ts';
import { PER_STOP } from './stops.ts';

/** The tries of all kept states. A node goes with the block that added it, or when the state before the block that replaced it is given up. */
export class Tries implements NodeSource {
  readonly #nodes: NodeTable;
  readonly #roots: RootTable;

  constructor(env: RootDatabase, cacheBytes: number) {
    this.#nodes = new NodeTable(env, cacheBytes);
    this.#roots = new RootTable(env);
  }

  has(root: Uint8Array): boolean {
    return this.#roots.has(root);
  }

  /** The latest one, which a chain that came back to a former state goes on from. */
  root(hash: Uint8Array): Place | undefined {
    return this.#roots.get(hash).at(-1);
  }

  node(ref: Stored): TrieNode | undefined {
    return this.#nodes.node(ref);
  }

  value(ref: Stored): Uint8Array | undefined {
    return this.#nodes.value(ref);
  }

  /** The same, with the root that is at this place. */
  at(place: Place): NodeSource {
    return { root: () => place, node: (ref) => this.node(ref), value: (ref) => this.value(ref) };
  }

  /** Where there are roots with this hash, as it will be. */
  stagedPlaces(root: Uint8Array): Place[] {
    return this.#roots.staged(root);
  }

  /** Stages what an update adds, with stops. */
  *add({
    root,
    from,
    inserted,
    removed,
  }: TrieUpdate): Generator<void, Pick<JournalEntry, 'place' | 'inserted'>> {
    const first = yield* this.#nodes.add(inserted);
    const count = inserted.length;
    // The root comes last. Where nothing was changed it is still the one before, and where all was deleted there is none.
    const place = count > 0 ? first + count - 1 : removed.length > 0 ? 0 : from;
    if (count > 0) this.#roots.add(root, place);
    return { place, inserted: { first, count } };
  }

  /** Stages that a block goes as if it had never been, with stops. */
  *undo({ root, place, inserted: { first, count } }: JournalEntry): Generator<void> {
    if (count > 0) this.#roots.remove(root, place);
    for (let index = 0; index < count; index++) {
      this.#nodes.remove(first + index);
      if (index % PER_STOP === 0) yield;
    }
  }

  /** Stages that the state on which a block stands goes, with stops. */
  *retire({ parentRoot, parentPlace, removed }: JournalEntry): Generator<void> {
    if (removed.length > 0) this.#roots.remove(parentRoot, parentPlace);
    for (const [index, place] of removed.entries()) {
      this.#nodes.remove(place);
      if (index % PER_STOP === 0) yield;
    }
  }

  /** A node, or a value, at once. Inside of a synchronous transaction, as `begin`. */
  append(bytes: Uint8Array, node: TrieNode | undefined): Place {
    return this.#nodes.addNow(bytes, node);
  }

  /** The root of what was appended, at once. */
  begin(root: Uint8Array, place: Place): void {
    this.#roots.add(root, place);
    this.#roots.flush();
  }

  flush(): void {
    this.#nodes.flush();
    this.#roots.flush();
  }

  /** Forgets what is staged. */
  clear(): void {
    this.#nodes.clear();
    this.#roots.clear();
  }

  /** Stored nodes and values. */
  size(): number {
    return this.#nodes.size();
  }
}
